"""What the XML bindings of the standards say of the elements that our exports write.

QTI 2.1 and 3.0 and their profiles of IMS CP 1.2 as 1EdTech's schemas have them; Common Cartridge 1.3 and its profile of
QTI 1.2.1 as their specification has them. For each element: its children in order as a regular expression over their
names, each followed by a space; the attributes it must have; those it may have. One that is not listed has no place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_XML = "{http://www.w3.org/XML/1998/namespace}"
_NCNAME = re.compile(r"[A-Za-z_][\w.\-]*\Z")


@dataclass(frozen=True)
class Rule:
    """One element: its children, the attributes that must be there, and those that may."""

    children: str = ""
    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()


def _rule(children: str = "", must: str = "", may: str = "") -> Rule:
    return Rule(children, frozenset(must.split()), frozenset(may.split()))


_INLINE = "(?:(?:a|br|code|em|img|strong) )*"
_BLOCK = "(?:(?:blockquote|div|h[1-6]|hr|ol|p|pre|table|ul) )*"
_FLOW = f"(?:{_INLINE[:-1]}|{_BLOCK[:-1]})*"
_HTML = {
    "div": _rule(_FLOW, "", "class"),
    "blockquote": _rule(_BLOCK),
    "li": _rule(_FLOW),
    "ul": _rule("(?:li )*"),
    "ol": _rule("(?:li )*"),
    "table": _rule("(?:thead )?(?:tbody )+"),
    "thead": _rule("(?:tr )+"),
    "tbody": _rule("(?:tr )+"),
    "tr": _rule("(?:(?:td|th) )*"),
    **{name: _rule(_FLOW) for name in ("td", "th")},
    **{name: _rule(_INLINE) for name in ("h1", "h2", "h3", "h4", "h5", "h6", "em", "strong")},
    "pre": _rule("(?:(?:a|br|code|em|strong) )*"),
    "code": _rule(_INLINE, "", "class"),
    "a": _rule(_INLINE, "href"),
    "br": _rule(),
    "hr": _rule(),
    "img": _rule("", "src alt"),
    "p": _rule("(?:(?:a|br|code|em|img|strong|textEntryInteraction) )*"),
}
_VALUES = "(?:(?:correct|equal|mapResponse|match|multiple|baseValue|variable) )"
QTI21 = _HTML | {
    "assessmentTest": _rule("(?:outcomeDeclaration )*(?:testPart )+", "identifier title"),
    "testPart": _rule("(?:assessmentSection )+", "identifier navigationMode submissionMode"),
    "assessmentSection": _rule("(?:rubricBlock )*(?:assessmentItemRef )*", "identifier title visible"),
    "assessmentItemRef": _rule("", "identifier href"),
    "rubricBlock": _rule(_BLOCK, "view"),
    "assessmentItem": _rule(
        "(?:responseDeclaration )*(?:outcomeDeclaration )*(?:itemBody )?(?:responseProcessing )?(?:modalFeedback )*",
        "identifier title adaptive timeDependent",
        f"toolName {_XML}lang",
    ),
    "responseDeclaration": _rule("(?:correctResponse )?(?:mapping )?", "identifier cardinality", "baseType"),
    "outcomeDeclaration": _rule("", "identifier cardinality", "baseType"),
    "correctResponse": _rule("(?:value )+"),
    "mapping": _rule("(?:mapEntry )+", "", "defaultValue"),
    "mapEntry": _rule("", "mapKey mappedValue", "caseSensitive"),
    "value": _rule(),
    "itemBody": _rule("(?:(?:p|div|choiceInteraction|orderInteraction|matchInteraction|extendedTextInteraction) )*"),
    "choiceInteraction": _rule("(?:prompt )?(?:simpleChoice )+", "responseIdentifier shuffle maxChoices"),
    "orderInteraction": _rule("(?:prompt )?(?:simpleChoice )+", "responseIdentifier shuffle"),
    "matchInteraction": _rule("(?:prompt )?(?:simpleMatchSet ){2}", "responseIdentifier shuffle maxAssociations"),
    "extendedTextInteraction": _rule("(?:prompt )?", "responseIdentifier"),
    "textEntryInteraction": _rule("", "responseIdentifier", "expectedLength"),
    "prompt": _rule("(?:br )*"),
    "simpleMatchSet": _rule("(?:simpleAssociableChoice )*"),
    "simpleAssociableChoice": _rule("", "identifier matchMax"),
    "simpleChoice": _rule("(?:feedbackInline )*", "identifier"),
    "feedbackInline": _rule("", "outcomeIdentifier identifier showHide"),
    "modalFeedback": _rule(_FLOW, "outcomeIdentifier identifier showHide"),
    "responseProcessing": _rule("(?:(?:responseCondition|setOutcomeValue) )*"),
    "responseCondition": _rule("responseIf "),
    "responseIf": _rule(f"{_VALUES}(?:setOutcomeValue )*"),
    "setOutcomeValue": _rule(_VALUES, "identifier"),
    "match": _rule(f"{_VALUES}{{2}}"),
    "equal": _rule(f"{_VALUES}{{2}}", "toleranceMode", "tolerance"),
    "multiple": _rule(f"{_VALUES}*"),
    "baseValue": _rule("", "baseType"),
    **{name: _rule("", "identifier") for name in ("variable", "correct", "mapResponse")},
}


def _of_three(name: str, rule: Rule) -> tuple[str, Rule]:
    """A rule of 2.1 under the names of 3.0."""
    kebab = re.compile("[A-Z]")

    def named(text: str) -> str:
        return kebab.sub(lambda m: "-" + m[0].lower(), text)

    def attributes(names: frozenset[str]) -> frozenset[str]:
        return frozenset(n if n.startswith("{") else named(n) for n in names)

    children = re.sub(r"[a-zA-Z]+(?=[ |)])", lambda m: m[0] if m[0] in _HTML else f"qti-{named(m[0])}", rule.children)
    data = frozenset({"data-evergreen"}) if name.endswith("Interaction") else frozenset()
    key = name if name in _HTML else f"qti-{named(name)}"
    return key, Rule(children, attributes(rule.must), attributes(rule.may) | data)


QTI3 = dict(_of_three(name, rule) for name, rule in QTI21.items()) | {
    "qti-rubric-block": _rule("qti-content-body ", "use view"),
    "qti-modal-feedback": _rule("(?:qti-content-body )?", "outcome-identifier identifier show-hide"),
    "qti-content-body": _rule(_BLOCK),
}
_LOM = {
    "lom": _rule("(?:general )?(?:rights )?"),
    "general": _rule("(?:title )?(?:language )*(?:description )*"),
    "title": _rule("(?:string )*"),
    "description": _rule("(?:string )*"),
    "language": _rule(),
    "string": _rule("", "", "language"),
    "rights": _rule("(?:copyrightAndOtherRestrictions )?(?:description )*"),
    "copyrightAndOtherRestrictions": _rule("(?:value )?"),
    "value": _rule(),
}
_PACKAGE = _LOM | {
    "manifest": _rule("metadata organizations resources ", "identifier"),
    "metadata": _rule("schema schemaversion (?:lom )?"),
    "schema": _rule(),
    "schemaversion": _rule(),
    "organizations": _rule(),
    "resources": _rule("(?:resource )*"),
    "resource": _rule("(?:metadata )?(?:file )+(?:dependency )*", "identifier type", "href"),
    "file": _rule("", "href"),
    "dependency": _rule("", "identifierref"),
}
_CARTRIDGE = _PACKAGE | {
    "organizations": _rule("organization "),
    "organization": _rule("item ", "identifier structure"),
    "item": _rule("(?:title )?(?:item )*", "identifier", "identifierref"),
}
_MATERIAL = "(?:material )+"
QTI12 = {
    "questestinterop": _rule("(?:assessment|objectbank) "),
    "assessment": _rule("(?:qtimetadata )?section ", "ident title"),
    "qtimetadata": _rule("(?:qtimetadatafield )+"),
    "qtimetadatafield": _rule("fieldlabel fieldentry "),
    "section": _rule("(?:item )+", "ident"),
    "item": _rule("itemmetadata presentation (?:resprocessing )?(?:itemfeedback )*", "ident", "title"),
    "itemmetadata": _rule("qtimetadata "),
    "presentation": _rule("material (?:response_lid|response_str) "),
    "material": _rule("(?:mattext )+"),
    "response_lid": _rule("(?:material )?render_choice ", "ident", "rcardinality"),
    "response_str": _rule("(?:material )?render_fib ", "ident", "rcardinality"),
    "render_choice": _rule("(?:response_label )+"),
    "render_fib": _rule("(?:response_label )*", "", "fibtype prompt"),
    "response_label": _rule(_MATERIAL, "ident"),
    "resprocessing": _rule("outcomes (?:respcondition )+"),
    "outcomes": _rule("(?:decvar )+"),
    "decvar": _rule("", "", "varname vartype minvalue maxvalue"),
    "respcondition": _rule("conditionvar (?:setvar )*(?:displayfeedback )*", "", "continue"),
    "conditionvar": _rule("(?:(?:and|other|varequal) )+"),
    "and": _rule("(?:(?:not|varequal) )+"),
    "not": _rule("varequal "),
    "other": _rule(),
    "varequal": _rule("", "respident", "case"),
    "setvar": _rule("", "", "action varname"),
    "displayfeedback": _rule("", "feedbacktype linkrefid"),
    "itemfeedback": _rule("(?:(?:flow_mat|material|solution|hint) )+", "ident"),
    "flow_mat": _rule(_MATERIAL),
    "hint": _rule("(?:hintmaterial )+", "", "feedbackstyle"),
    "hintmaterial": _rule("(?:(?:flow_mat|material) )+"),
    **{name: _rule() for name in ("fieldlabel", "fieldentry")},
    "mattext": _rule("", "", "texttype"),
}
KINDS = {
    "qti3": {"imsqti_test_xmlv3p0", "imsqti_item_xmlv3p0", "webcontent"},
    "qti21": {"imsqti_test_xmlv2p1", "imsqti_item_xmlv2p1", "webcontent"},
    "cc": {"imsqti_xmlv1p2/imscc_xmlv1p3/assessment", "webcontent"},
}
_RULES = {
    "qti3": {"manifest": _PACKAGE, "document": QTI3},
    "qti21": {"manifest": _PACKAGE, "document": QTI21},
    "cc": {"manifest": _CARTRIDGE, "document": QTI12},
}


def violations(root: Element, kind: str) -> Iterator[str]:
    """What of a document of a package of that kind (qti3, qti21, cc) the binding does not allow."""
    is_manifest = _name(root) == "manifest"
    rules = _RULES[kind]["manifest" if is_manifest else "document"]
    for node in root.iter():
        name = _name(node)
        rule = rules.get(name)
        if rule is None:
            yield f"{name} has no place"
            continue
        children = "".join(f"{_name(child)} " for child in node)
        if not re.fullmatch(rule.children, children):
            yield f"{name} holds {children}"
        if missing := rule.must - node.attrib.keys():
            yield f"{name} lacks {sorted(missing)}"
        if beyond := node.attrib.keys() - rule.must - rule.may:
            yield f"{name} has {sorted(beyond)}"
    if not is_manifest and kind == "cc":
        yield from _feedback(root)
    if is_manifest:
        yield from _identifiers(root)
        yield from (
            f"resource of type {node.get('type')}"
            for node in root.iter()
            if _name(node) == "resource" and node.get("type") not in KINDS[kind]
        )


def _feedback(document: Element) -> Iterator[str]:
    """What is said of an answer is asked for by a rule, and what a rule asks for is there (CC 1.3, profile of QTI)."""
    items = [node for node in document.iter() if _name(node) == "item"]
    names = [item.get("ident") for item in items]
    yield from (f"item {name} stands twice" for name in names if names.count(name) > 1)
    for item in items:
        said = {f.get("ident"): {_name(child) for child in f} for f in item if _name(f) == "itemfeedback"}
        asked = {node.get("linkrefid") for node in item.iter() if _name(node) == "displayfeedback"}
        yield from (f"feedback {name} is missing" for name in asked - said.keys())
        shown = {name for name, parts in said.items() if "flow_mat" in parts}
        yield from (f"nothing shows feedback {name}" for name in shown - asked)


def _identifiers(manifest: Element) -> Iterator[str]:
    """xs:ID and xs:IDREF: names that stand once, and references to one of them."""
    given = [value for node in manifest.iter() if (value := node.get("identifier")) is not None]
    yield from (f"identifier {name}" for name in given if not _NCNAME.match(name) or given.count(name) > 1)
    wanted = {value for node in manifest.iter() if (value := node.get("identifierref")) is not None}
    yield from (f"nothing is called {name}" for name in wanted - set(given))


def _name(node: Element) -> str:
    return node.tag.rpartition("}")[2]
