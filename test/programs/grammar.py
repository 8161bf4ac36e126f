# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a critical section of a generated program may look like.

A fragment is the inside of a section: C++ that sets `result`. In it, M stands for a map, N for a
number, P for a small struct, W for another field of the class; V(x) makes a value of the map's
type from a long, and L(x) a long from a value. `k` and `v` are the parameters of the method.
`return_early` says that it may leave the function instead.
"""


class Value:
    """The type of a map's values."""

    def __init__(self, name, make, number, changes):
        self.name = name
        self.make = make          # from a long called {0}
        self.number = number      # a long, from a value called {0}
        self.changes = changes    # statements that change a value called {0}


VALUES = [
    Value("long", "{0}", "{0}", ["{0} += v;", "++{0};", "{0} = v;", "{0} = {0} * 2 + 1;"]),
    Value("int", "static_cast<int>({0})", "static_cast<long>({0})",
          ["{0} += static_cast<int>(v);", "{0}++;", "if ({0} > 3) {0} = 0;"]),
    Value("std::string", "std::string(static_cast<std::size_t>({0}), 'x')",
          "static_cast<long>({0}.size())",
          ["{0} += 'y';", "{0}.append(2, 'z');", "{0} = std::to_string(v);", "{0}.clear();"]),
    Value("Item", "Item{{{0}, 1}}", "({0}.first * 100 + {0}.second)",
          ["{0}.first = v;", "{0}.first += v; ++{0}.second;", "++{0}.second;"]),
    Value("std::shared_ptr<const Item>", "std::make_shared<const Item>(Item{{{0}, 2}})",
          "({0}->first * 100 + {0}->second)",
          ["{0} = std::make_shared<const Item>(Item{{v, {0}->second + 1}});"]),
]

NUMBERS = ["long", "int", "unsigned", "std::size_t", "bool"]


class Fragment:
    def __init__(self, text, needs="M", changes=True, weight=2, returns=False,
                 from_nothing=False):
        self.text = text
        self.needs = needs        # the letters of the fields it uses
        self.changes = changes    # false: a shared lock is enough
        self.weight = weight
        self.returns = returns    # leaves the function by itself on some path
        self.from_nothing = from_nothing  # looks at a value that nobody has made


def read(text, **more):
    return Fragment(text, changes=False, **more)


FRAGMENTS = [
    # Looks.
    read("auto it = M.find(k);\nif (it != M.end())\n  result = L(it->second);\nelse\n  result = -1;"),
    read("auto it = M.find(k);\nif (it == M.end())\n  return -1;\nresult = L(it->second);",
         returns=True),
    read("if (M.count(k) != 0)\n  result = L(M.at(k));"),
    read("auto it = M.find(k);\nresult = it != M.end() ? L(it->second) : -1;"),
    read("if (auto it = M.find(k); it != M.end())\n  return L(it->second);\nresult = -2;",
         returns=True),
    read("auto it = M.find(k);\nif (it != M.end()) {\n  const auto &found = it->second;\n"
         "  result = L(found) + 1;\n}"),
    read("auto it = M.find(k);\nif (it != M.end()) {\n  auto copy = it->second;\n"
         "  result = L(copy) - 1;\n}"),
    read("result = static_cast<long>(M.count(k));", weight=1),
    read("result = M.find(k) != M.end() ? 1 : 0;", weight=1),
    read("result = M.find(k) == M.end() && k > 0 ? v : 0;", weight=1),
    # Stores.
    Fragment("M[k] = V(v);"),
    Fragment("M.insert_or_assign(k, V(v));"),
    Fragment("result = M.insert_or_assign(k, V(v)).second ? 1 : 0;"),
    Fragment("auto &place = M[k];\nplace = V(v);\nresult = v;"),
    Fragment("auto [it, fresh] = M.insert_or_assign(k, V(v));\nresult = fresh ? L(it->second) : -1;",
             weight=1),
    # Stores where nothing was.
    Fragment("result = M.emplace(k, V(v)).second ? 1 : 0;"),
    Fragment("result = M.try_emplace(k, V(v)).second ? 1 : 0;"),
    Fragment("result = M.insert({k, V(v)}).second ? 1 : 0;"),
    Fragment("auto [it, fresh] = M.emplace(k, V(v));\nresult = L(it->second) * (fresh ? 1 : -1);"),
    Fragment("auto it = M.find(k);\nif (it != M.end())\n  return L(it->second);\n"
             "M.emplace(k, V(v));\nresult = v;", returns=True),
    Fragment("auto it = M.find(k);\nif (it == M.end())\n  it = M.emplace(k, V(v)).first;\n"
             "result = L(it->second);"),
    Fragment("if (M.find(k) == M.end()) {\n  M[k] = V(v);\n  result = 1;\n}"),
    Fragment("if (M.count(k) == 0)\n  M.emplace(k, V(v));\nresult = L(M.at(k));"),
    Fragment("if (!M.count(k))\n  M[k] = V(v);"),
    # Removals.
    Fragment("result = static_cast<long>(M.erase(k));"),
    Fragment("auto it = M.find(k);\nif (it == M.end())\n  return -1;\nresult = L(it->second);\n"
             "M.erase(it);", returns=True),
    Fragment("auto it = M.find(k);\nif (it != M.end()) {\n  auto taken = std::move(it->second);\n"
             "  M.erase(it);\n  result = L(taken);\n}"),
    Fragment("if (auto node = M.extract(k))\n  result = L(node.mapped());", weight=1),
    Fragment("auto it = M.find(k);\nif (it != M.end() && L(it->second) > 4) {\n  M.erase(it);\n"
             "  result = 1;\n}"),
    Fragment("if (M.count(k) > 0) {\n  M.erase(k);\n  result = 1;\n}"),
    # Changes.
    Fragment("auto &place = M[k];\nC(place)\nresult = L(place);", weight=1, from_nothing=True),
    Fragment("auto it = M.find(k);\nif (it != M.end()) {\n  C(it->second)\n  result = 1;\n}"),
    Fragment("auto it = M.find(k);\nif (it == M.end())\n  return -3;\nC(it->second)\n"
             "result = L(it->second);", returns=True),
    Fragment("auto it = M.find(k);\nif (it != M.end() && L(it->second) == v) {\n"
             "  it->second = V(v + 1);\n  result = 1;\n}"),
    Fragment("auto it = M.find(k);\nif (it != M.end()) {\n  result = L(it->second);\n"
             "  it->second = V(v);\n} else {\n  M.emplace(k, V(v));\n  result = -1;\n}"),
    Fragment("auto it = M.find(k);\nif (it == M.end()) {\n  M.emplace(k, V(v));\n} else if (v > 5) {\n"
             "  M.erase(it);\n  result = 2;\n} else {\n  C(it->second)\n  result = 3;\n}"),
    Fragment("auto it = M.find(k);\nif (it == M.end())\n  return 0;\nif (L(it->second) < v)\n"
             "  it->second = V(v);\nresult = 1;", returns=True),
    # All of it.
    read("result = static_cast<long>(M.size());"),
    read("result = M.empty() ? 1 : 0;"),
    read("for (const auto &[key, value] : M)\n  result += key * L(value);"),
    read("for (const auto &entry : M)\n  result += L(entry.second);"),
    read("for (auto it = M.begin(); it != M.end(); ++it)\n  result += it->first + 1;"),
    read("for (const auto &[key, value] : M)\n  if (L(value) > v)\n    ++result;"),
    read("for (const auto &[key, value] : M) {\n  if (L(value) == v) {\n    result = 1;\n    break;\n"
         "  }\n}"),
    read("std::vector<long> found;\nfor (const auto &[key, value] : M)\n  found.push_back(L(value));\n"
         "for (long each : found)\n  result += each;"),
    Fragment("M.clear();", weight=1),
    Fragment("result = static_cast<long>(M.size());\nM.clear();", weight=1),
    Fragment("auto all = std::move(M);\nM.clear();\nfor (const auto &[key, value] : all)\n"
             "  result += L(value);", weight=1),
    Fragment("T all;\nall.swap(M);\nresult = static_cast<long>(all.size());", weight=1),
    Fragment("for (auto it = M.begin(); it != M.end();) {\n  if (L(it->second) > v) {\n"
             "    it = M.erase(it);\n    ++result;\n  } else {\n    ++it;\n  }\n}"),
    Fragment("for (auto &[key, value] : M) {\n  C(value)\n}", weight=1),
    # Numbers.
    read("result = static_cast<long>(N);", needs="N"),
    Fragment("N = static_cast<T>(v);", needs="N"),
    Fragment("N += static_cast<T>(v % 2);\nresult = static_cast<long>(N);", needs="n"),
    Fragment("++N;", needs="n"),
    Fragment("result = static_cast<long>(N++);", needs="n"),
    Fragment("if (N < 4)\n  ++N;\nresult = static_cast<long>(N);", needs="n"),
    Fragment("result = static_cast<long>(N);\nN = static_cast<T>(0);", needs="N"),
    Fragment("if (N != 0)\n  return 1;\nN = 1;", needs="N", returns=True),
    Fragment("if (static_cast<long>(N) < v)\n  N = static_cast<T>(v);", needs="n"),
    Fragment("const auto old = std::exchange(N, static_cast<T>(v));\n"
             "result = static_cast<long>(old);", needs="N"),
    Fragment("const T next = static_cast<T>(v % 4);\nif (N != static_cast<T>(1))\n  return 0;\n"
             "N = next;\nresult = 1;", needs="N", returns=True),
    Fragment("const T next = static_cast<T>(v % 4);\nif (N == static_cast<T>(0)) {\n  N = next;\n"
             "  result = 1;\n}", needs="N"),
    Fragment("const T next = static_cast<T>(v % 4);\nif (N == static_cast<T>(0))\n  N = next;",
             needs="N"),
    Fragment("const T seen = static_cast<T>(v);\nif (N < seen)\n  N = seen;", needs="n"),
    Fragment("const T seen = static_cast<T>(v);\nN = std::max(N, seen);", needs="n"),
    Fragment("N = std::min(static_cast<T>(v), N);", needs="n", weight=1),
    # Small structs.
    read("result = P.first * 10 + P.second;", needs="P"),
    read("const Item now = P;\nresult = now.first - now.second;", needs="P"),
    Fragment("P.first = v;\nP.second = k;", needs="P"),
    Fragment("++P.first;\n--P.second;\nresult = P.first;", needs="P"),
    Fragment("P = Item{v, k};", needs="P"),
    Fragment("if (P.first > P.second)\n  P.second = P.first + k;\nresult = P.second;", needs="P"),
    # More than one thing at once, most of which has to stay behind the lock.
    Fragment("M[k] = V(v);\n++W;", needs="MW", weight=1),
    Fragment("++W;\nauto it = M.find(k);\nif (it != M.end())\n  result = L(it->second);",
             needs="MW", weight=1),
    Fragment("result = static_cast<long>(M.erase(k));\nif (result != 0)\n  ++W;", needs="MW",
             weight=1),
    read("result = static_cast<long>(M.size()) * 100 + static_cast<long>(W);", needs="MW", weight=1),
    Fragment("if (static_cast<long>(M.size()) < 2)\n  M.emplace(k, V(v));\n"
             "result = static_cast<long>(M.size());", weight=1),
    Fragment("M[static_cast<long>(++W)] = V(v);\nresult = static_cast<long>(W);", needs="MW",
             weight=1),
    Fragment("auto it = M.find(k);\nif (it != M.end())\n  M[k + 1] = it->second;", weight=1),
    Fragment("M[k] = V(v);\nM[(k + 1) % 3] = V(v);", weight=1),
    read("if (M.count(k) != 0 && M.count((k + 1) % 3) != 0)\n  result = 1;", weight=1),
    Fragment("M.erase(k);\nM.emplace((k + 1) % 3, V(v));", weight=1),
    Fragment("const auto found = M.find(k);\nconst bool there = found != M.end();\n"
             "M[k] = V(there ? v : 1);\nresult = static_cast<long>(M.size());", weight=1),
    Fragment("if (W == 0)\n  M[k] = V(v);\nelse\n  result = -5;", needs="MW", weight=1),
    Fragment("auto it = M.find(k);\nif (it != M.end())\n  N += static_cast<T>(L(it->second));\n"
             "result = static_cast<long>(N);", needs="Mn", weight=1),
]
