"""When the nearest of a person's commands is taken for what was said."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When the nearest command is taken for what was said; set on the tuning speakers of ``bench.voices``.

    ``steady``: how sure it must be in a room with steady noise, where noise leaves as much of the words as
    ``steady_visible`` says, and in proportion between them. ``restless``: the same where others speak, at each of the
    decibels above noise of ``restless_db``. ``rooms``: restlessness of a steady room, and of one where others speak.
    ``quick``: how sure it must at least be where it lasted as much longer (less, below 0) as ``quick_longer`` says and
    noise leaves more than the second of ``quick_visible``; noise hides ends, so below the first that says nothing.
    ``margin``: how much nearer than the second, at each share of ``margin_visible``; the first where others speak.
    ``real``: how much nearer than what is no word. ``longer``: nothing is taken that lasted less or more. ``left``: nor
    where more was said beside it, at ``left_db`` above steady noise; where others speak that says nothing.
    ``least_db``: nothing is taken below. ``told``: how surely it must be told from words that sound like it; less
    where it was drawn out as ``told_longer`` says, where it is less sure than ``told_sure``, as tremor makes it, and
    where noise leaves less than ``told_visible``; ``told_echo`` where a room echoes. ``told_to_confirm``: the same for
    a command that confirms, where it is as sure as the first of ``told_to_confirm_sure``, as the second, and as the
    second and drawn out; less in noise by ``told_to_confirm_visible``. ``told_in_noise``: the same, in deviations, in
    noise that leaves as much as ``told_in_noise_visible`` says, and nowhere where it leaves more. ``over_hiss``: how
    many decibels a voice that confirms must stand above noise where near words differ, as ``decoys`` measures it.
    """

    steady: tuple[float, ...] = (0.56, 0.47, 0.43, 0.42, 0.36, 0.30, 0.30, 0.25)
    steady_visible: tuple[float, ...] = (0.12, 0.16, 0.20, 0.25, 0.29, 0.31, 0.50, 0.58)
    restless: tuple[float, ...] = (0.52, 0.46, 0.41, 0.37)
    restless_db: tuple[float, ...] = (3.0, 9.0, 12.0, 16.0)
    rooms: tuple[float, float] = (0.34, 0.44)
    quick: tuple[float, ...] = (0.44, 0.25)
    quick_longer: tuple[float, ...] = (-0.20, -0.08)
    quick_visible: tuple[float, float] = (0.48, 0.57)
    margin: tuple[float, float] = (0.05, 0.03)
    margin_visible: tuple[float, float] = (0.35, 0.50)
    real: float = 0.1
    longer: tuple[float, float] = (-0.7, 1.1)
    left: tuple[float, float] = (0.1, 3.0)
    left_db: tuple[float, float] = (12.0, 26.0)
    least_db: float = -12.0
    told: tuple[float, float] = (0.6, 0.45)
    told_longer: tuple[float, float] = (0.15, 0.25)
    told_least: tuple[float, float] = (0.35, 0.25)  # by sureness, by noise
    told_sure: tuple[float, float] = (0.44, 0.50)
    told_visible: tuple[float, float] = (0.40, 0.58)
    told_echo: float = 0.65
    told_to_confirm: tuple[float, float, float] = (1.1, 0.65, 0.5)
    told_to_confirm_sure: tuple[float, float] = (0.35, 0.75)
    told_to_confirm_visible: tuple[float, float] = (0.40, 0.50)
    told_in_noise: tuple[float, ...] = (-2.1, -3.8, -9.0)
    told_in_noise_visible: tuple[float, ...] = (0.25, 0.29, 0.45)
    over_hiss: float = 8.5

    def left_at(self, above: float) -> float:
        """How much may be said beside a command that stands so many decibels above steady noise."""
        return float(np.interp(above, self.left_db, self.left))

    def margin_at(self, visible: float, restlessness: float) -> float:
        """How much nearer than the second it must be where noise leaves so much in such a room."""
        steady = np.interp(visible, self.margin_visible, self.margin)
        return float(np.interp(restlessness, self.rooms, (steady, self.margin[0])))

    def told_at(self, visible: float, sure: float, longer: float, echoes: bool) -> float:
        """How surely it must be told from words that sound like it, by noise, sureness and length."""
        if echoes:
            return self.told_echo
        heard = float(np.interp(longer, self.told_longer, self.told))
        heard = min(heard, float(np.interp(sure, self.told_sure, (self.told_least[0], heard))))
        return float(np.interp(visible, self.told_visible, (self.told_least[1], heard)))

    def told_to_confirm_at(self, visible: float, sure: float, longer: float, echoes: bool) -> float:
        """The same for a command that confirms: the less sure it is, as quick and trembling speech is, the more."""
        unsure, surely, slowly = self.told_to_confirm
        least = np.interp(longer, self.told_longer, (surely, slowly))
        heard = np.interp(sure, self.told_to_confirm_sure, (unsure, least))
        told = float(np.interp(visible, self.told_to_confirm_visible, (self.told_least[1], heard)))
        return max(told, self.told_echo) if echoes else told

    def told_in_noise_at(self, visible: float) -> float:
        """The same in noise that leaves so much, in deviations."""
        return float(np.interp(visible, self.told_in_noise_visible, self.told_in_noise))

    def sure_at(self, visible: float, above: float, restlessness: float, longer: float) -> float:
        """How sure it must be where noise leaves so much, at so many decibels in such a room, when it is so long."""
        steady = np.interp(visible, self.steady_visible, self.steady)
        restless = np.interp(above, self.restless_db, self.restless)
        room = np.interp(restlessness, self.rooms, (steady, restless))
        quick = np.interp(longer, self.quick_longer, self.quick)
        return float(max(room, np.interp(visible, self.quick_visible, (0, quick))))
