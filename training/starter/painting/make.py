"""The whole recipe, from the vector library to models/starter:  python make.py WORK

Every stage stops and goes on where it was: run the same command again. Stages that are done are passed over. Fewer steps
(`--share 0.1`) make a worse model sooner. Needs Node (with this repository's packages) and requirements.txt.
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(HERE, "../../../models")
SHIPPED = ["encoder", "decoder", "text", "denoiser.weights", "sharpener"]
STEPS = {"autoencoder": 12000, "decoder": 6000, "denoiser": 6000, "sharpener": 6000}


def run(*command):
    print("$", *command, flush=True)
    subprocess.run(command, cwd=HERE, check=True)


def python(script, *arguments):
    run(sys.executable, script, *map(str, arguments))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work")
    parser.add_argument("--share", type=float, default=1, help="share of the full number of steps")
    options = parser.parse_args()
    work = os.path.abspath(options.work)
    steps = {stage: max(100, round(count * options.share)) for stage, count in STEPS.items()}
    for what in (["icons", "128"], ["scenes", "128", "14000"], ["large", "512", "1300"]):
        run("node", "render.mjs", work, *what)
    python("train_autoencoder.py", work, steps["autoencoder"])
    python("train_decoder.py", work, steps["decoder"])
    if not os.path.exists(os.path.join(work, "items.json")):
        python("prepare.py", work)
    python("train_denoiser.py", work, os.path.join(MODELS, "starter/vocabulary.json"), steps["denoiser"])
    install(work)
    # What it learns to sharpen is what the networks so far paint.
    run("node", "painted.mjs", work)
    python("train_sharpener.py", work, steps["sharpener"])
    install(work)


def install(work):
    """The graphs as they are, the weights as int8, and the list of their hashes."""
    out, starter = os.path.join(work, "out"), os.path.join(MODELS, "starter")
    python("export.py", work, out)
    for name in SHIPPED:
        run("node", os.path.join(MODELS, "convert/shrink.mjs"), "int8", f"{out}/{name}.onnx", f"{starter}/{name}.onnx")
    for name in ("denoiser", "denoiser-step"):
        with open(f"{out}/{name}.onnx", "rb") as source, open(f"{starter}/{name}.onnx", "wb") as target:
            target.write(source.read())
    names = [f"{name}.onnx" for name in [*SHIPPED, "denoiser", "denoiser-step"]]
    run("node", os.path.join(MODELS, "convert/list.mjs"), starter, *names, "vocabulary.json")


if __name__ == "__main__":
    main()
