"""Makes the zoo: families of models whose history is known, by the tools that people use (docs/zoo.md).

    python3 bench/zoo/zoo.py --out .cache/zoo                         about 200 models
    python3 bench/zoo/zoo.py --out .cache/zoo-small --size small      what npm test judges
    python3 bench/zoo/zoo.py --babyllama model5000.bin …              with a published model as one of the bases

Starts itself again in an environment with requirements.txt (--venv, made when missing). A broken run goes on where it stopped.
"""

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(".cache/zoo"), help="folder of the models and truth.json")
    parser.add_argument("--venv", type=Path, default=Path(".cache/zoo-venv"), help="Python environment, made when missing")
    parser.add_argument("--size", choices=["small", "full"], default="full")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another zoo")
    parser.add_argument("--epoch", type=int, help="steps of one epoch (default: by size)")
    parser.add_argument("--strangers", type=int, help="unrelated models of one configuration (default: by size)")
    parser.add_argument("--families", nargs="*", help="make only these")
    parser.add_argument("--babyllama", type=Path, help="model5000.bin in llama2.c's layout, beside its tok105.vocab")
    parser.add_argument("--threads", type=int, default=1, help="more only helps where the cores are free: the models are small")
    return parser.parse_args()


def enter(folder):
    """Goes on in the environment, made and filled when missing."""
    python = folder / "bin" / "python"
    if Path(sys.prefix).resolve() == folder.resolve():
        return
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
    os.execv(python, [str(python), __file__, *sys.argv[1:]])


if __name__ == "__main__":
    options = arguments()
    enter(options.venv)
    from families import make_all

    make_all(options)
