"""Consent texts: complete in both languages, and unchanged under the version that people agreed to."""

import pytest

from web.accounts import consents
from web.messages import LOCALES

# A changed text needs a new version in web/accounts/consents.py, and then a new line here; old lines stay.
AGREED_TEXTS = {
    ("account", 1, "zh-CN"): "4954702b607bf6d7b135906a8665100c61aadc8394cd6659742ce6cc4185eafa",
    ("account", 1, "en"): "f65d67f89c8b44dff2be9736d35882323969667db72e9b883fc8866b917809dd",
    ("identity", 1, "zh-CN"): "59db4568ee874a12339feb9bc2793a265af4c4b0ffa80bb444267fa42dbb3a11",
    ("identity", 1, "en"): "bd6fce1b06bea5c46158e9577f27120d9a73890aacdb2065ecb477bcaead7d7d",
    ("counter_help", 1, "zh-CN"): "b0eddcd7fcc49ecc94f0c2ed6d6e91a612137af651885664224dc886f5910310",
    ("counter_help", 1, "en"): "d5257edac2569367190825be87dc95c4d5dca0b1221c2479a5a147412ec05392",
    ("learning", 1, "zh-CN"): "6a0add7b3391bf909ddd54be97190612137e48dfd67391cabc499862c551accf",
    ("learning", 1, "en"): "ab53ad7ec42046a7851d0f42164663ffa9a87982a621f14b3837a953632332b8",
    ("learning", 2, "zh-CN"): "e784a36ea487bd01ac7d748e83a8a2bf6d384689e824b85e0de8b2d62ccea14e",
    ("learning", 2, "en"): "b4c528ee294d3399dad634caa312bcc31687921e2d3bad287eddc8dc71d8491a",
    ("companion", 1, "zh-CN"): "af18d26cf30084de15ebe135a6b5206c3dc531713dd202dabb1ac13ad3d21771",
    ("companion", 1, "en"): "fe9e5dba357635c21ff6053e7128070551937288c3d998ac9f454eaf8ee35b83",
    ("fairness", 1, "zh-CN"): "e742e53f49002fab3c43de69e03207a4626df2eee13bc406d218f34f0c9c1422",
    ("fairness", 1, "en"): "d029285ae20a4a59e6f63dd21f958f94bdd120a9c6bd0a3877433da53a85a952",
    ("assistant", 1, "zh-CN"): "3549fc7de8094a84fd9787928c34fb767ac3e56e4f89386ca16dcd8c2afd4f6c",
    ("assistant", 1, "en"): "3eaeaf00937b676f037b194135d3eb32eb9bbbb63a7f0720c6b865bea2e7055c",
    ("voice", 1, "zh-CN"): "7a9bc84d6f2f4827f4d07683e6f07af0e92a9c3da125d2509090e04dda42451d",
    ("voice", 1, "en"): "fb3236d0ce8d6659606302fa23eef27c04a6c55a5424d0559e33055128ae970a",
    ("neighbours", 1, "zh-CN"): "6528ce3e2cf85ca82339c370fe6ec003a66ca9611482844510917c4bead6462f",
    ("neighbours", 1, "en"): "8d85eb293c0ecee7aaeccf2158d1612a216d8d3f0c50ac575bd206a9e2899ce2",
    ("study_group", 1, "zh-CN"): "244dc000f5b9fbe8f78fa27896e3733fac0e9d90f5bc6d6c6a9d803c3d066728",
    ("study_group", 1, "en"): "1d1f7a5b4cb56bb41cfe428ac0d234a4eb5e1c82e15f739cd23229afb0dfd94c",
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("purpose", consents.PURPOSES)
def test_a_text_does_not_change_under_its_version(purpose: str, locale: str) -> None:
    version = consents.PURPOSES[purpose].version
    assert consents.text_sha256(purpose, locale).hex() == AGREED_TEXTS[purpose, version, locale]


def test_identity_documents_are_agreed_to_apart() -> None:
    assert set(consents.REQUIRED) == {"account", "identity"}
    assert set(consents.OPTIONAL) == set(consents.PURPOSES) - {"account", "identity"}
