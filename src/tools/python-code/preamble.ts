/**
 * What code is given when it used a name that it did not define: the names of upstream's preamble.
 *
 * NumPy and pandas are imported when they are used, so that the others cost nothing and a missing one is named by the error of the
 * line that used it (differs from upstream D69).
 */
const IMPORTS = `\
from itertools import accumulate, chain, combinations, count, cycle, groupby, islice
from itertools import pairwise, permutations, product, repeat, zip_longest
from copy import deepcopy
from string import ascii_lowercase, ascii_uppercase
from math import atan2, ceil, comb, factorial, floor, gcd, inf, isqrt, log, log10, log2, pi, prod
from math import sqrt
from collections import Counter, OrderedDict, defaultdict, deque
from bisect import bisect_left, bisect_right, insort
from heapq import heapify, heappop, heappush, heapreplace, merge, nlargest, nsmallest
from functools import cache, cmp_to_key, lru_cache, partial, reduce
from random import randrange, shuffle
from operator import iand, itemgetter, or_, sub, xor
from re import search as re_search
from os.path import commonprefix
from typing import Any, Callable, Deque, Dict, Generator, Iterable, Iterator, List, Optional
from typing import Set, Tuple, Union
from time import time
import bisect, collections, copy, datetime, functools, heapq, io, itertools, math, operator
import os, random, re, string, sys`;

const LAZY = `\
class _Later(type(sys)):
    def __init__(self, short, name):
        super().__init__(name)
        self.__dict__["__later__"] = short, name
    def __getattr__(self, attribute):
        short, name = self.__dict__["__later__"]
        module = __import__(name)
        globals()[short] = module
        return getattr(module, attribute)
np, pd = _Later("np", "numpy"), _Later("pd", "pandas")
del _Later`;

/** Lines that upstream's preamble puts before the code; tracebacks count from there (upstream quirk Q52). */
const LINES = 36;

/** Characters of upstream's preamble, by which it decides whether the whole is run from a file. */
export const PREAMBLE_CHARACTERS = 1466;

const TEXT = `${IMPORTS}\n${LAZY}\n`;

/** Stands before the code, whose first line becomes line 37. */
export const PREAMBLE: string = TEXT + "\n".repeat(LINES - TEXT.split("\n").length + 1);
