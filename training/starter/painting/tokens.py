"""Words to numbers; the same as `paint/tokenizer.ts`."""
import json
import re

from networks import TOKENS

WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")


def singular(word):
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and re.search(r"[^su]s$", word) else word


class Tokenizer:
    def __init__(self, file):
        self.ids = {piece: number for number, piece in enumerate(json.load(open(file, encoding="utf8")))}
        self.size = len(self.ids)

    def __call__(self, text):
        out = [1]
        for word in WORD.findall(text.lower()):
            out += self._pieces(singular(word))
        return (out + [0] * TOKENS)[:TOKENS]

    def _pieces(self, word):
        if word in self.ids:
            return [self.ids[word]]
        pieces, at = [], 0
        while at < len(word):
            for end in range(len(word), at, -1):
                piece = ("##" if at else "") + word[at:end]
                if piece in self.ids:
                    pieces.append(self.ids[piece])
                    at = end
                    break
            else:
                at += 1
        return pieces
