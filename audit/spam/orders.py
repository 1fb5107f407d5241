"""Is a sentence an order to a machine that reads the page? Turns of phrase, and learned weights of words and pairs.

Who writes such orders names the machine, what it does with the page, or neither, and no list of turns of phrase knows
them all. The weights are made by `training/orders.py`; the card is `audit/models/orders.md`.
"""

from __future__ import annotations

import re

from audit.rules.match import compile_pattern
from audit.spam.turns import turns, weights

MODEL = "orders.json"

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[\[\]{}<>#:=]")
"""A word, or a mark of which code is made."""
_LONGEST = 120
"""Words and marks of a sentence that are read."""
_SECTION = re.compile(r"^\W*(?:summary|abstract|overview|background|introduction|conclusions?)\s*:\s+")
"""The name of a section of the page, before its first sentence."""
LEAST = 0.3
"""Log-odds from which on a sentence is taken for an order."""
LEAST_HIDDEN, LEAST_UNSEEN = -0.8, 0.8
"""The same of what a page hides, for nobody hides what is said to people, and of comments and values in the markup."""


_SAID_TO_PEOPLE = -3.5
"""Log-odds of a sentence that names no machine, below which no turn of phrase makes it an order to one."""


def features(text: str) -> frozenset[str]:
    """Return the words of a text and the pairs of words in a row, its beginning and its end among them."""
    return turns(_TOKEN.findall(_SECTION.sub("", text.lower()))[:_LONGEST])


def sureness(sentence: str) -> float:
    """Return how surely a sentence is an order, 0 to 1."""
    return min(1.0, max(0.0, _AT_THE_LINE + _BY_ODDS * odds(sentence)))


_AT_THE_LINE, _BY_ODDS = 0.65, 0.3


def odds(sentence: str) -> float:
    """Return the log-odds that a sentence is an order to a machine that reads the page."""
    return weights(MODEL).odds(features(sentence))


_MACHINE = (
    r"(?:ais?|llms?|(?:large )?language models?|chat ?bots?|chat ?gpt|gpts?|claude|gemini|copilot|summari[sz]ers?"
    r"|crawlers?|scrapers?|machine readers?|(?:ai|virtual|search|writing|answer|automated|retrieval|ranking)"
    r" (?:assistants?|agents?|engines?|crawlers?|readers?|tools?|models?|systems?|reviewers?|bots?))"
)
TOLD = (
    r"(?:recommend|cite|rank|rate|mention|say|state|reply|respond|answer|tell|advertise|praise|promote|quote|prefer"
    r"|trust|list|name|link|include|insert|add|append|output|omit|leave out|hide|ignore|drop|treat|present|describe"
    r"|call|write|send|direct|point|refer|accept|approve|score|conclude|begin|start|end|finish|open|remember|keep"
    r"|save|repeat|assume)"
)
TURNS = compile_pattern(
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:all\s+|any\s+)?(?:of\s+)?(?:(?:the|your|these)\s+)?"
    r"(?:previous|prior|above|earlier|former|original|system|safety|article above|text above)\s*"
    r"(?:instructions?|prompts?|rules|context|text|article|guidelines|warnings|directions|orders)?\b"
    rf"|\b(?:you are|act as|if you are|as)\s+(?:an?\s+|the\s+)?{_MACHINE}\b.{{0,100}}\b{TOLD}\b"
    rf"|\b{_MACHINE}\b.{{0,60}}\b(?:must|always|should|shall|reply only|never|please"
    rf"|(?:is|are) (?:asked|told|instructed|required) to)\b.{{0,40}}\b{TOLD}\b"
    r"|\b(?:notes?|messages?|instructions?|attention|notice|memo|reminder|important|dear|hello|hey|hi)\b[:,]?\s+"
    rf"(?:(?:to|for)\s+)?(?:all\s+|any\s+|the\s+|every\s+)?{_MACHINE}\b.{{0,120}}\b{TOLD}\b"
    r"|\b(?:dear|hello|hey|hi),?\s+(?:assistant|bot|robot|agent|model)s?\b"
    r"|\b(?:when|while|if|before|after|in)\s+(?:you\s+(?:are\s+)?)?(?:summari[sz]\w*|paraphras\w*|answer\w*"
    r"|index\w*|rank\w*|quot\w*|cit\w*|pars\w*|crawl\w*|process\w*|any summary of"
    r"|your (?:summary|answer|reply|output))\b.{0,60}"
    rf"\b(?:this|the)\s+(?:page|article|text|site|website|document|content)\b.{{0,80}}\b{TOLD}\b"
    r"|\b(?:system|developer|hidden)\s+(?:prompt|message|override|instructions?)\s*:|\[/?inst\]"
    r"|<\|?(?:system|im_start)\|?>|\byou are (?:now|no longer)\b.{0,60}\b(?:assistant|agent|model|bot|ai)\b"
    rf"|\b(?:assistants?|bots?|{_MACHINE})\s*[,:]\s+(?:please\s+)?(?:(?:do not|don't|never|always)\s+)?"
    r"(?:summari[sz]e|cite|recommend|rank|rate|assign|award|print|index)\b"
    rf"|\bnotes? (?:to|for) (?:(?:all|any|the) )?{_MACHINE}\b.{{0,100}}\b(?:correct|true|real|right|only) source\b"
    r"|\b(?:never|do not|don't) (?:reveal|disclose|repeat) (?:this|these) (?:messages?|prompts?|instructions?)\b"
    r"|\bremember\b.{1,60}\bsource (?:for|in) (?:(?:all|any|your) )?(?:future|later|further)"
    r" (?:chats?|conversations?|answers?)\b"
    r"|\byou\b.{0,40}\b(?:persuade|convince) the user to\b|\bsystem\s*:\s+(?:\w+\s+)?override\b"
    r"|###\s*(?:instruction|system)\s*:"
)
"""Orders to a machine that reads: they name it, or what it does with the page, and tell it to do something."""
OF_MACHINES = compile_pattern(
    r"\b(?:ais?|llms?|gpts?|bots?|robots?|chat\w{0,4}|assistants?|models?|crawlers?|agents?|engines?|machines?"
    r"|automat(?:ed|ic)\w{0,4}|summari[sz]\w{0,5}|summar(?:y|ies)|translat\w{0,5}|index\w{0,4}|prompts?|instructions?"
    r"|context|output|persona|users?|visitors?|readers?|reviewers?|session|memory|remember|conversation|answers?|repl(?:y|ies)"
    r"|responses?|cit(?:e|ed|es|ing)|rank\w{0,4}|rat(?:e|ed|ing)|recommend\w{0,5}|ignore|disregard|forget|override"
    r"|developers?|admins?|administrators?|rubrics?|graders?|compliance|sponsors?|pretend|tools?"
    r"|tokens?|json|html|page|article|text|sources?|system (?:prompt|message|note|override))\b"
    r"|[\[<{]/?system|\{\{|[\"']?role[\"']?:"
)
"""Words without which hardly anybody orders a machine to do something."""


def addresses_machines(text: str) -> bool:
    """Whether a text has words meant for machines that read it."""
    return TURNS.search(text) is not None


_NAMES_MACHINE = compile_pattern(rf"\b{_MACHINE}\b")


def is_said_to_people(sentence: str) -> bool:
    """Whether a sentence is for people by all its words: `disregard the previous instructions on the yellow sheet`."""
    return _NAMES_MACHINE.search(sentence) is None and odds(sentence) < _SAID_TO_PEOPLE


_ABOUT = re.compile(r"\b(?:prompts? injections?|injected prompts?|jailbreaks?|jailbreaking)\b", re.IGNORECASE)


def is_about_orders(sentence: str) -> bool:
    """Whether a sentence calls such orders by their name: somebody writes of them."""
    return _ABOUT.search(sentence) is not None


def instruction_at(text: str) -> int:
    """Return where words meant for machines begin in a text; 0 where there are none."""
    match = TURNS.search(text)
    return match.start() if match is not None else 0
