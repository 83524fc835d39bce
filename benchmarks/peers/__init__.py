"""Every generator that is measured, in the order of the tables."""

from __future__ import annotations

from benchmarks.peer import Peer
from benchmarks.peers.eleventy import Eleventy, PublishedEleventy
from benchmarks.peers.floors import FLOORS
from benchmarks.peers.hugo import Hugo, PublishedHugo
from benchmarks.peers.jekyll import Jekyll, PublishedJekyll
from benchmarks.peers.lektor import Lektor
from benchmarks.peers.nikola import Nikola
from benchmarks.peers.pelican import Pelican
from benchmarks.peers.sitegen import PublishedSitegen, Sitegen, SitegenDefault

REALISTIC: tuple[Peer, ...] = (
    Sitegen(),
    SitegenDefault(),
    Hugo(),
    Eleventy(),
    Jekyll(),
    Pelican(),
    Nikola(),
    Lektor(),
    *FLOORS,
)
PUBLISHED: tuple[Peer, ...] = (
    PublishedSitegen(),
    SitegenDefault(),
    PublishedHugo(),
    PublishedEleventy(),
    PublishedJekyll(),
    *FLOORS,
)
NAMES = tuple(dict.fromkeys(peer.name for peer in (*REALISTIC, *PUBLISHED)))
