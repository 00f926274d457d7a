"""``speech``: which voice speaks here, and why not the one that the operator named."""

import time

import click

from accessibility.voice.speaker import Speaker
from web.cli import deployment
from web.cli.command import Command, json_option
from web.cli.terminal import terminal

_SENTENCE = "您好，我在银行等一会儿。"


@click.command("speech", cls=Command, help="speech")
@json_option
def speech(as_json: bool) -> None:
    """Say a sentence with the voice of this deployment, and tell how that went."""
    folder = deployment.open_deployment().settings.speech_voice_dir
    reasons: list[str] = []
    speaker = Speaker(folder, reasons.append)
    began = time.perf_counter()
    try:
        sound = speaker.speak(_SENTENCE)
    finally:
        speaker.close()
    took = time.perf_counter() - began
    neural = folder is not None and not reasons
    facts = {
        "voice": "neural" if neural else "espeak-ng",
        "folder": str(folder) if folder else None,
        "reason": reasons[0] if reasons else None,
        "seconds": round(sound.seconds, 2),
        "took": round(took, 2),
    }
    out = terminal()
    if as_json:
        out.json(facts)
    else:
        if reasons:
            out.say("speech.unusable", folder=folder, reason=reasons[0])
        out.say("speech.neural" if neural else "speech.espeak", seconds=facts["seconds"], took=facts["took"])
    if reasons:
        raise SystemExit(1)
