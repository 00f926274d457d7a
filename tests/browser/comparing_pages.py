"""Comparing courses between institutions, looked at in a real browser."""

from tests.browser.desk_pages import as_, at, made
from tests.browser.looked import Looked

HERE = "/desk/browser-desk/comparing"

COMPARED = [
    Looked("compare courses", made(HERE), as_("reviewer")),
    Looked("a course compared", made(f"{HERE}?title=社区摄影&school=别校&credits=2&level=4"), as_("reviewer")),
    Looked("a course compared, unsure", made(f"{HERE}?title=量子场论"), as_("registrar")),
    Looked("choose a course elsewhere", made(f"{HERE}/catalogues?of=browser-counter"), as_("registrar")),
    Looked("equivalences", made(f"{HERE}/precedents"), as_("reviewer")),
    Looked("withdraw an equivalence", at("equivalence", "/withdraw"), as_("reviewer")),
    Looked("how sure a suggestion must be", made(f"{HERE}/precision"), as_("reviewer")),
    Looked("import equivalences", made("/desk/browser-desk/import/equivalences"), as_("registrar")),
    Looked("equivalences file", at("equivalences file"), as_("registrar")),
    Looked("published equivalences", made("/equivalences?to=browser-desk")),
]
