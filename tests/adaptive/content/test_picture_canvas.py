"""How texts in pictures come out."""

import pytest

from adaptive.content.picture_canvas import Canvas, Shown, colour, contrast


def shown(text: str, *shapes: tuple[str, dict[str, str]], **attributes: str) -> Shown:
    """A text, drawn after some shapes."""
    canvas = Canvas()
    canvas.start("svg", {"viewBox": "0 0 320 200"})
    for name, of_shape in shapes:
        canvas.start(name, of_shape)
        canvas.end()
    canvas.start("text", {"x": "160", "y": "100", "text-anchor": "middle", **attributes})
    return canvas.of_text(text)


def test_contrast_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert (colour("#FA0"), colour(" White "), colour("url(#a)")) == ((255, 170, 0), (255, 255, 255), None)


SHAPES = [
    ("rect", {"x": "100", "y": "50", "width": "120", "height": "100", "fill": "#000000"}),
    ("circle", {"cx": "160", "cy": "95", "r": "50", "fill": "#000000"}),
    ("ellipse", {"cx": "160", "cy": "95", "rx": "90", "ry": "40", "fill": "#000000"}),
    ("polygon", {"points": "100,50 220,50 220,150 100,150", "fill": "#000000"}),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape[0])
def test_what_lies_behind_a_text(shape: tuple[str, dict[str, str]]) -> None:
    assert shown("火警", shape, fill="#000000").contrast == pytest.approx(1)
    assert shown("火警", shape, fill="#ffffff").contrast == pytest.approx(21)
    assert shown("火警", shape, fill="#ffffff", x="20", y="190").contrast == pytest.approx(1)
    assert shown("火警", (shape[0], {**shape[1], "fill": "none"}), fill="#000000").contrast == pytest.approx(21)


def test_what_cannot_be_told_is_not_said() -> None:
    path = ("path", {"d": "M100 50 L220 50 L220 150 Z", "fill": "#000000"})
    assert shown("火警", path).contrast is None
    assert shown("火警", path, x="20", y="20").contrast == pytest.approx(21)
    assert shown("火警", (SHAPES[0][0], {**SHAPES[0][1], "opacity": "0.1"})).contrast is None
    assert shown("火警", transform="scale(2)").contrast is None
    assert shown("火警", fill="url(#g)").contrast is None


def test_a_text_fits_its_box_and_the_picture() -> None:
    assert shown("拨打火警", SHAPES[0]).fits
    assert not shown("拨打火警电话一一九", SHAPES[0]).fits
    assert shown("on your right", x="196", **{"text-anchor": "start", "font-size": "18"}).fits
    assert not shown("火警", **{"text-anchor": "end", "x": "10"}).fits
