# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The grammar of sections of several steps, by what they are about."""
import random

SHORT = " if (name.size() > 9) name.resize(9);"  # text would double in each round
VALUES = ["v", "v + 1", "r", "5", "k"]


class Steps:
    """Statements over a field, the key `k`, the value `v` and the result `r`."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0

    def name(self):
        self.names += 1
        return "x%d" % self.names

    def choose(self, ways):
        return self.random.choice(ways)

    def value(self):
        return self.choose(VALUES)


class OfNumber(Steps):
    """The field is `n_`."""
    TYPE = "int"

    def short(self):
        return self.choose(["n_ = %s;" % self.value(), "n_ += v;", "++n_;", "n_--;", "r += n_;",
                            "return 66;", "return n_;"])

    def step(self):
        value, x = self.value(), self.name()
        return self.choose([
            f"n_ = {value};", "n_ += v;", "++n_;", "n_--;", "r += n_++;", "r += --n_;",
            "r += (n_ += 2);", "n_ = n_ + v;", "n_ = v - n_;", "n_ = n_ - v;",
            "if (n_ > 3) r += 10;", f"if (n_ == v) n_ = {value};", "if (n_ < v) n_ = v;",
            f"n_ = std::max<{self.TYPE}>(n_, v);", f"n_ = std::min<{self.TYPE}>(n_, v);",
            f"const int {x} = n_; n_ = v; r += {x};", f"const int {x} = n_; r += {x};",
            f"r += std::exchange(n_, {value});", "n_ += n_;", "n_ -= 300;", "n_ += 70000;", "n_ = -v;",
            "n_ = n_ + 1.5;", "n_ += 0.75;", "r += -n_;", "if (-n_ < v) r += 3;", "n_ = !n_;",
            "r += (n_ -= v) > 0;", "if ((n_ += k) < 0) r += 8;", "r += n_++ - v > 2;", "if (n_ != 0) return r; n_ = 1;",
            "if (n_ == 0) { n_ = 5; r += 3; } else { r += 4; }",
            "if (n_ < v) { n_ = v; r += 1; }", *self.bits(),
            f"if (v > 2) {{ {self.short()} }}",
            f"if (v > 2) {{ {self.short()} }} else {{ {self.short()} }}", "r += n_ * 2;",
            "r += n_ > 2 ? 1 : 0;", f"auto {x} = ++n_; r += {x};", f"int {x} = n_++; r += {x};",
            "if (++n_ > 5) n_ = 0;", "if (n_ >= 4) n_ = 0; else ++n_;",
            "if (n_ == k) { n_ = v; return 55; }", "r += (n_ == v);", "return n_;"])

    def bits(self):
        return ["n_ &= v;", "n_ |= k;", "n_ ^= 3;", "std::swap(n_, r);"]

    def body(self):
        return "\n    ".join(self.step() for _ in range(self.choose([1, 1, 2, 2, 2, 3])))


class OfByte(OfNumber):
    """Of a type that is narrower than what is computed with it."""
    TYPE = "std::uint8_t"

    def bits(self):
        return ["n_ &= v;", "n_ |= 200;", "n_ ^= 257;", "n_ <<= 1;", "n_ *= 3;", "r += n_ << 1;",
                "r += ~n_;"]


class OfUnsigned(OfNumber):
    """Where less than zero is much."""
    TYPE = "unsigned"

    def bits(self):
        return ["n_ &= v;", "n_ |= k;", "n_ ^= 3;", "r += n_ - v > 5;", "if (n_ - 1 > 3) r += 9;",
                "r += static_cast<int>(n_ / 2);", "n_ %= 7;"]


class OfFloat(OfNumber):
    """Where halves count."""
    TYPE = "double"

    def bits(self):
        return ["n_ *= 0.5;", "n_ /= 2;", "r += static_cast<int>(n_ * 4);"]


class OfFlag(OfNumber):
    """True or false."""
    TYPE = "bool"

    def short(self):
        return self.choose(["n_ = true;", "n_ = false;", "n_ = !n_;", "r += n_;", "return 66;",
                            "n_ = v > 2;", "return n_;"])

    def step(self):
        x = self.name()
        return self.choose([
            self.short(), "if (n_) r += 5;", "if (!n_) { n_ = true; r += 2; }",
            "if (n_) return r; n_ = true;", f"const bool {x} = n_; n_ = v > 1; r += {x};",
            "n_ |= v > 3;", "n_ &= k > 0;", "n_ ^= true;", "r += std::exchange(n_, true);",
            "r += n_ ? 3 : 4;", "if (n_ == (v > 2)) r += 7;", "n_ = n_ || v > 4;",
            "n_ = n_ && v > 1;", "n_ = v;", "if (v > 2 && !n_) n_ = true;", "r += n_ + n_;",
            f"if (v > 2) {{ {self.short()} }} else {{ {self.short()} }}",
            f"if (n_) {{ {self.short()} }} else {{ {self.short()} }}", "n_ += v;", "r += -n_;"])


class OfKey(Steps):
    """The field is `values_`."""

    def short(self, is_live):
        value = self.value()
        ways = ["values_[k] = %s;" % value, "values_[k] += v;", "values_.emplace(k, %s);" % value,
                "r += 2;", "values_.insert_or_assign(k, %s);" % value, "return 66;"]
        return self.choose(ways if is_live else ways + ["values_.erase(k);"])

    def step(self, is_live):
        """Leaves the iterator `it` alone, and valid if it is live."""
        value, x = self.value(), self.name()
        ways = [
            f"values_[k] = {value};", "values_[k] += v;", f"values_.emplace(k, {value});",
            f"values_.try_emplace(k, {value});", f"values_.insert_or_assign(k, {value});",
            "values_.insert({k, v});", "values_[k];", "r += values_[k];",
            "if (values_.count(k)) r += 10;", "if (!values_.count(k)) r += 20;",
            "r += static_cast<int>(values_.count(k)) * 3;",
            f"const bool {x} = values_.count(k) > 0; r += {x};",
            f"int {x} = values_[k]; values_[k] = v; r += {x};",
            f"auto &{x} = values_[k]; {x} += 3; r += {x};",
            f"auto [i{x}, f{x}] = values_.emplace(k, {value}); if (!f{x}) i{x}->second += 2;",
            f"if (values_.emplace(k, {value}).second) r += 40;",
            f"if (auto {x} = values_.find(k); {x} != values_.end()) r += {x}->second;",
            f"if (auto {x} = values_.find(k); {x} != values_.end()) {x}->second = {value};",
            "if (values_.count(k) && v > 2) values_[k] = 9;",
            "r += values_.count(k) ? values_.at(k) : 7;", "if (values_[k] > 3) r += 1;",
            "if (v > 2) return r;", f"if (v > 1) {{ {self.short(is_live)} }}",
            f"if (v > 1) {{ {self.short(is_live)} }} else {{ {self.short(is_live)} }}"]
        erasing = [
            "values_.erase(k);", "r += static_cast<int>(values_.erase(k)) * 5;",
            "if (values_.erase(k)) r += 30;",
            f"if (auto {x} = values_.find(k); {x} != values_.end()) values_.erase({x});",
            f"auto {x} = values_.extract(k); if ({x}) r += {x}.mapped();",
            f"auto {x} = values_.find(k); "
            f"if ({x} != values_.end()) {{ r += {x}->second; values_.erase({x}); }}",
            "if (values_.count(k)) { r += values_[k]; values_.erase(k); }"]
        return self.choose(ways if is_live else ways + erasing)

    def of_iterator(self, is_last):
        """Uses `it`, which stays valid unless this is the last that does."""
        value = self.choose(["v", "5", "k"])
        ways = [
            "if (it == values_.end()) r += 100;", "if (it != values_.end()) r += it->second;",
            f"if (it != values_.end()) it->second = {value};",
            f"if (it == values_.end()) {{ {self.short(True)} }}",
            f"if (it != values_.end()) {{ it->second += v; {self.short(True)} }}",
            f"if (it == values_.end()) {{ values_.emplace(k, {value}); }} "
            "else { it->second += 2; }",
            f"if (it == values_.end()) values_.emplace(k, {value}); else it->second += 2;",
            f"if (it == values_.end()) {{ values_[k] = {value}; }} else {{ r += it->second; }}",
            f"if (it == values_.end()) it = values_.emplace(k, {value}).first;",
            "if (it == values_.end()) return r - 1;", "r += it == values_.end() ? 1 : 2;",
            f"if (it != values_.end() && it->second > 2) {{ {self.short(True)} }}",
            "if (it != values_.end() && v > 2) it->second += 1;",
            f"if (it == values_.end()) {{ {self.step(True)} }} else {{ {self.step(True)} }}"]
        erasing = [
            "if (it != values_.end()) values_.erase(it);",
            "if (it != values_.end()) { r += it->second; values_.erase(it); "
            f"values_.emplace(k, {value}); }}",
            "if (it != values_.end()) { values_.erase(it); values_[k] += v; }",
            "if (it != values_.end() && it->second > 2) values_.erase(it); else values_[k] = 1;",
            "if (it != values_.end()) { values_.erase(it); if (values_.count(k)) r += 50; }",
            "if (it != values_.end()) { const int old = it->second; values_.erase(k); r += old; "
            "r += static_cast<int>(values_.count(k)); }"]
        return self.choose(ways + erasing if is_last else ways)

    def body(self):
        if self.random.random() < 0.4:
            steps = [self.step(False) for _ in range(self.choose([2, 2, 3, 3, 4]))]
        else:
            steps = ["auto it = values_.find(k);"]
            length = self.choose([1, 2, 2, 3])
            for each in range(length):
                is_last = each == length - 1
                uses = is_last or self.random.random() < 0.7
                steps.append(self.of_iterator(is_last) if uses else self.step(True))
            if self.random.random() < 0.3:
                steps.append(self.step(False))
        return "\n    ".join(steps)


class OfAll(Steps):
    """The field is `values_`; `n`, `text` and `seen` are there to collect in."""

    def condition(self, key, value):
        return self.choose([f"{value} > v", f"{key} == k", f"{value} % 2 == 0", "n++ < 2", "r > 20",
                            f"{key} < v && {value} > 1", f"{key} != k || v > 3",
                            f"{key} > n", f"{value} == {key}"])

    def collect(self, key, value):
        return self.choose([f"r += {value};", f"r = r * 3 + {value};", f"r = std::max(r, {value});",
                            f"r -= {key};", "++n;", f"n = {key};", f"text += std::to_string({value});",
                            f"seen.push_back({key});", f"seen.insert(seen.begin(), {value});",
                            f"r ^= {value};", f"if ({self.condition(key, value)}) r += 10;",
                            f"if ({value} > r) {{ r = {value}; n = {key}; }}",
                            f"const int old = {value}; r += old * {key};",
                            f"r += {value}, n += 2;", f"r += {key} ? {value} : 1;"])

    def leave(self, key, value):
        return self.choose(["break;", "continue;", "return r;", f"return {value};",
                            f"{{ r += {key}; break; }}", f"{{ n = {value}; continue; }}"])

    def inner(self, key, value):
        parts = [self.collect(key, value) for _ in range(self.choose([1, 1, 2]))]
        if self.random.random() < 0.4:
            parts.insert(self.choose([0, len(parts)]),
                         f"if ({self.condition(key, value)}) {self.leave(key, value)}")
        return " ".join("{ %s }" % each if "old" in each else each for each in parts)

    def loop(self):
        head, key, value = self.choose([
            ("const auto &e : values_", "e.first", "e.second"),
            ("auto &e : values_", "e.first", "e.second"),
            ("const auto e : values_", "e.first", "e.second"),
            ("const auto &[a, b] : values_", "a", "b"), ("auto &[a, b] : values_", "a", "b"),
            ("auto it = values_.begin(); it != values_.end(); ++it", "it->first", "it->second"),
            ("auto it = values_.cbegin(); it != values_.cend(); it++", "(*it).first", "it->second"),
            ("const std::pair<const int, int> &e : values_", "e.first", "e.second")])
        return f"for ({head}) {{ {self.inner(key, value)} }}"

    def erase_loop(self):
        key, value = "it->first", "it->second"
        test, extra = self.condition(key, value), self.choose(["", self.collect(key, value)])
        extra = "{ %s }" % extra if "old" in extra else extra
        decide = self.choose([
            f"if ({test}) {{ {extra} it = values_.erase(it); }} else ++it;",
            f"{extra} if ({test}) it = values_.erase(it); else ++it;",
            f"if ({test}) {{ ++it; continue; }} {extra} it = values_.erase(it);",
            f"if ({test}) {{ {extra} it = values_.erase(it); continue; }} ++it;",
            f"if ({test}) it = values_.erase(it); else {{ {extra} ++it; }}",
            f"if ({test}) {{ it = values_.erase(it); r += 2; }} else {{ ++it; {self.collect('k', 'v')} }}",
            f"if ({test}) {{ it = values_.erase(it); break; }} ++it;"])
        return self.choose(["for (auto it = values_.begin(); it != values_.end();) { %s }",
                            "auto it = values_.begin(); while (it != values_.end()) { %s }"]) % decide

    def erase_if(self):
        key, value = "e.first", "e.second"
        parameter = self.choose(["const auto &e", "const std::pair<const int, int> &e"])
        test = f"[&]({parameter}) {{ {self.choose(['', self.collect(key, value)])} return " \
               f"{self.condition(key, value)}; }}"
        return self.choose([f"std::erase_if(values_, {test});",
                            f"r += static_cast<int>(std::erase_if(values_, {test}));",
                            f"if (std::erase_if(values_, {test})) r += 9;",
                            f"const auto test = {test}; std::erase_if(values_, test);"])

    def whole(self):
        return self.choose([
            "r += static_cast<int>(values_.size());", "if (values_.empty()) return 7;",
            "values_.clear();", "r += static_cast<int>(values_.size()) * 2; values_.clear();",
            "const auto all = values_; for (const auto &e : all) r = r * 3 + e.second;",
            "std::map<int, int> all; all.swap(values_); for (auto &e : all) r = r * 3 + e.second;",
            "auto all = std::move(values_); values_.clear(); r += static_cast<int>(all.size());",
            "const auto all = std::exchange(values_, {}); for (const auto &e : all) r -= e.second;",
            "std::vector<std::pair<int, int>> all(values_.begin(), values_.end()); "
            "for (auto &e : all) r = r * 3 + e.second;",
            "r += std::any_of(values_.begin(), values_.end(), "
            "[&](const auto &e) { return e.second == v; }) ? 5 : 0;"])

    def body(self):
        ways = [self.loop, self.loop, self.loop, self.erase_loop, self.erase_loop, self.erase_if,
                self.whole]
        steps = [self.choose(ways)()]
        if self.random.random() < 0.15:
            steps.insert(0, "r += static_cast<int>(values_.size());")
        after = "r += n + static_cast<int>(text.size() + seen.size()); " \
                "for (int each : seen) r = r * 5 + each;"
        return "\n    ".join(["int n = 0; std::string text; std::vector<int> seen;"] + steps + [after])


class OfTwo(Steps):
    """The fields are `a_` and `b_`."""

    def expression(self):
        return self.choose(["a_", "b_", "a_ + b_", "v", "k", "r", "b_ - v", "a_ * 2", "3"])

    def short(self):
        return self.choose([f"a_ = {self.expression()};", f"b_ = {self.expression()};", "++a_;",
                            "b_ -= v;", f"r += {self.expression()};", f"return {self.expression()};"])

    def step(self):
        x = self.name()
        return self.choose([
            self.short(), self.short(), f"if (a_ > b_) {{ {self.short()} }}",
            f"if (v > 2) {{ {self.short()} }} else {{ {self.short()} }}", "std::swap(a_, b_);",
            f"const int {x} = {self.expression()}; {self.short()} r += {x};",
            f"r += std::exchange(a_, {self.expression()});", "a_ = b_ = v;", "r += a_++ + b_;",
            f"for (int i = 0; i < v; ++i) {{ {self.short()} }}", f"int &{x} = a_; {x} += v;",
            f"auto {x} = [&] {{ return a_ + v; }}; r += {x}();",
            f"[&] {{ b_ += {self.choose(['v', 'k'])}; }}();",
            f"while (a_ > 20) {{ a_ -= 7; {self.choose(['', 'r += 1;', 'if (b_ > 5) break;'])} }}",
            f"switch (v) {{ case 1: {self.short()} break; case 2: a_ = 4; [[fallthrough]]; "
            f"default: {self.short()} }}", f"r += a_ > b_ ? a_ : {self.expression()};",
            f"int {x} = 0; do {{ {self.short()} }} while (a_ < 0 && ++{x} < 3);"])

    def body(self):
        steps = [self.step() for _ in range(self.choose([1, 2, 2, 3, 4]))]
        return "\n    ".join(["a_ %= 1000;"] + steps + ["b_ %= 1000;"])


class OfList(Steps):
    """The field is `values_`, whose values are lists of numbers."""

    def change(self, list_):
        begin, end = f"{list_}.begin()", f"{list_}.end()"
        x = self.name()
        return self.choose([
            f"std::sort({begin}, {end});", f"std::reverse({begin}, {end});",
            f"std::sort({begin}, {end}, std::greater<>());", f"std::fill({begin}, {end}, v);",
            f"std::replace({begin}, {end}, k, v);", f"std::iota({begin}, {end}, v);",
            f"if (!{list_}.empty()) std::rotate({begin}, {begin} + 1, {end});",
            f"{list_}.erase(std::remove({begin}, {end}, v), {end});",
            f"if ({list_}.size() > 1) std::swap({list_}[0], {list_}[1]);",
            f"if ({list_}.size() > 1) std::iter_swap({begin}, {begin} + 1);",
            f"std::partial_sum({begin}, {end}, {begin}); for (int &{x} : {list_}) {x} %= 9;",
            f"std::transform({begin}, {end}, {begin}, [](int {x}) {{ return {x} + 1; }});",
            f"std::for_each({begin}, {end}, [](int &{x}) {{ {x} = -{x}; }});",
            f"for (int &{x} : {list_}) {x} += v;", f"for (auto {x} = {begin}; {x} != {end}; ++{x}) *{x} += 1;",
            f"auto {x} = {begin}; if ({x} != {end}) *{x} = v;", f"if (!{list_}.empty()) {list_}.front() = v;",
            f"if (!{list_}.empty()) *{list_}.data() = k;", f"if (!{list_}.empty()) {list_}.back()++;",
            f"std::copy(own.begin(), own.end(), std::back_inserter({list_}));",
            f"{list_}.insert({end}, own.begin(), own.end());", f"{list_}.assign(own.begin(), own.end());",
            f"std::swap_ranges(own.begin(), own.begin() + std::min(own.size(), {list_}.size()), {begin});",
            f"std::memset({list_}.data(), 0, {list_}.size() * sizeof(int));",
            f"std::fill_n({begin}, std::min<std::size_t>({list_}.size(), 2), k);",
            f"{list_}.push_back(v);", f"{list_}.clear();", f"{list_}.resize(2);", f"{list_}.swap(own);",
            f"own = std::move({list_}); {list_}.clear();",
            f"auto &{x} = {list_}; {x}.push_back(k); std::sort({x}.begin(), {x}.end());",
            f"std::stable_partition({begin}, {end}, [v](int each) {{ return each > v; }});",
            f"{list_}.erase(std::unique({begin}, {end}), {end});",
            f"std::erase_if({list_}, [v](int each) {{ return each == v; }});"])

    def look(self, list_):
        begin, end = f"{list_}.begin()", f"{list_}.end()"
        x = self.name()
        return self.choose([
            f"r += std::accumulate({begin}, {end}, 0);", f"own = {list_};",
            f"r += std::find({begin}, {end}, v) != {end};", f"own.assign({begin}, {end});",
            f"r += static_cast<int>(std::count({begin}, {end}, k));", f"r += static_cast<int>({list_}.size());",
            f"std::copy({begin}, {end}, std::back_inserter(own));", f"for (int {x} : {list_}) r += {x};",
            f"own.insert(own.end(), {begin}, {end});", f"if (!{list_}.empty()) r += *std::max_element({begin}, {end});",
            f"std::for_each({begin}, {end}, [&](int {x}) {{ r += {x}; }});",
            f"auto {x} = std::find({begin}, {end}, v); if ({x} != {end}) r += 6;",
            f"auto {x} = std::find({begin}, {end}, v); if ({x} != {end}) *{x} = 7;",
            f"r += std::any_of({begin}, {end}, [v](int each) {{ return each == v; }});",
            f"std::transform({begin}, {end}, std::back_inserter(own), [](int {x}) {{ return {x} * 2; }});",
            f"const std::vector<int> {x}({begin}, {end}); r += static_cast<int>({x}.size());",
            f"if (std::is_sorted({begin}, {end})) r += 3;", f"r += std::equal({begin}, {end}, own.begin(), own.end());"])

    def step(self):
        x = self.name()
        some = lambda list_: self.choose([self.change, self.change, self.look])(list_)
        found = f"auto {x} = values_.find(k); if ({x} != values_.end())"
        inner = f"{x}->second"
        return self.choose([
            f"{found} {{ {some(inner)} }}", f"{found} {{ {some(inner)} {some(inner)} }}",
            some("values_[k]"), "values_[k] = own;", "values_.try_emplace(k, own);", "values_.erase(k);",
            f"auto &{x} = values_[k]; {some(x)}", f"values_[k].push_back(v);", "own.push_back(v);",
            f"if (values_.count(k)) {{ {some('values_.at(k)')} }}",
            f"for (auto &{x} : values_[k]) {x} += 1;", f"r += static_cast<int>(values_[k].size());"])

    def body(self):
        steps = [self.step() for _ in range(self.choose([1, 1, 1, 2, 2]))]
        after = "for (int each : own) r = r % 999 * 3 + each;"
        return "\n    if (own.size() > 9) own.resize(9);\n    ".join(
            ["std::vector<int> own = {k, v};"] + steps + [after])


class OfText(Steps):
    """The field is `values_`, whose values are text."""

    def text(self):
        return self.choose(['"a"', "std::to_string(v)", "name", "std::string(2, 'x')", '""'])

    def found(self, it):
        text = self.name()
        return self.choose([
            f"name = {it}->second;", f"name += {it}->second;", f"r += static_cast<int>({it}->second.size());",
            f"{it}->second = {self.text()};", f"{it}->second += {self.text()};",
            f"{it}->second.clear();", f"{it}->second.append({self.text()});",
            f"name = std::move({it}->second);", f"std::swap(name, {it}->second);",
            f"name.swap({it}->second);", f"if ({it}->second == {self.text()}) r += 5;",
            f"if ({it}->second.empty()) {it}->second = {self.text()};",
            f"name = {it}->second.substr(0, 1);", f"r += {it}->second.find('x') != std::string::npos;",
            f"if (!{it}->second.empty()) {it}->second.pop_back();",
            f"const std::string &{text} = {it}->second; name = {text} + \"t\";",
            f"std::string &{text} = {it}->second; {text} += {self.text()}; "
            f"r += static_cast<int>({text}.size());",
            f"name = std::exchange({it}->second, {self.text()});",
            f"for (char each : {it}->second) r += each;",
            f"std::string_view {text} = {it}->second; r += static_cast<int>({text}.size());"]) + SHORT

    def step(self):
        x = self.name()
        return self.choose([
            f"values_[k] = {self.text()};", f"values_[k] += {self.text()};", f"name = values_[k];",
            f"values_.emplace(k, {self.text()});", f"values_.insert_or_assign(k, {self.text()});",
            f"values_.try_emplace(k, {self.text()});", f"values_[k].append({self.text()});",
            f"if (auto {x} = values_.find(k); {x} != values_.end()) {{ {self.found(x)} }}",
            f"if (auto {x} = values_.find(k); {x} != values_.end()) {{ {self.found(x)} {self.found(x)} }}",
            f"auto {x} = values_.find(k); if ({x} == values_.end()) return 8; {self.found(x)}",
            f"auto {x} = values_.find(k); if ({x} != values_.end()) {{ {self.found(x)} values_.erase({x}); }}",
            f"if (values_.count(k)) name = values_.at(k);", "values_.erase(k);",
            f"auto &{x} = values_[k]; {x} += {self.text()}; name = {x};",
            f"auto &{x} = values_[k]; if ({x}.empty()) {x} = {self.text()}; r += static_cast<int>({x}.size());",
            f"auto {x} = values_.emplace(k, {self.text()}); if (!{x}.second) {x}.first->second += 'y';",
            f"auto [i{x}, f{x}] = values_.try_emplace(k, {self.text()}); name = i{x}->second; r += f{x};",
            f"auto {x} = values_.extract(k); if ({x}) name = std::move({x}.mapped());",
            f"name = values_[k]; values_[k] = {self.text()};", f"name += {self.text()};",
            f"if (v > 3) {{ values_[k] = {self.text()}; }} else {{ values_.erase(k); }}",
            f"values_[k] = values_[k] + {self.text()};", "r += values_[k] < name;",
            f"name = values_.count(k) ? values_.at(k) : {self.text()};",
            f"try {{ name = values_.at(k); }} catch (const std::out_of_range &) {{ r += 6; }}",
            f"values_[k].swap(name);", f"std::swap(values_[k], name);"])

    def body(self):
        steps = [self.step() for _ in range(self.choose([1, 1, 2, 2, 3]))]
        after = "for (char each : name) r = r * 3 + each;"
        return f"\n   {SHORT}\n    ".join(["std::string name = std::to_string(k);"] + steps + [after])
