/* What axe-core finds: violations, and doubts about the rules that are to leave none. */
async ([only, on, off, settled]) => {
  const rules = Object.fromEntries([...on.map((id) => [id, { enabled: true }]), ...off.map((id) => [id, { enabled: false }])]);
  const found = await axe.run(document, { runOnly: only, rules, resultTypes: ["violations", "incomplete"], iframes: false });
  const doubts = found.incomplete.filter((v) => settled.includes(v.id))
    .map((v) => ({ ...v, nodes: v.nodes.filter((n) => !(v.id.startsWith("color") && n.html.startsWith("<text"))) }))
    .filter((v) => v.nodes.length);
  const told = (n) => `    ${n.html.slice(0, 200)}  ${n.failureSummary.replaceAll("\n", " ")}`;
  return [...found.violations, ...doubts].map((v) => `${v.id}: ${v.help}\n` + v.nodes.map(told).join("\n"));
}
