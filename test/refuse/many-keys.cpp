// RUN: %check_alone --plan-only %s -std=c++17
// Each look-up may find its key or not: forty of them in a row are not followed on 2^40 paths.

#include <map>
#include <mutex>
#include <string>
#include <vector>

class Tags {
public:
  void fill() {
    std::lock_guard<std::mutex> lock(mutex_);
    tags_["a"].push_back(0);
    tags_["b"].push_back(1);
    tags_["c"].push_back(2);
    tags_["d"].push_back(3);
    tags_["e"].push_back(4);
    tags_["f"].push_back(5);
    tags_["g"].push_back(6);
    tags_["h"].push_back(7);
    tags_["aa"].push_back(8);
    tags_["bb"].push_back(9);
    tags_["cc"].push_back(10);
    tags_["dd"].push_back(11);
    tags_["ee"].push_back(12);
    tags_["ff"].push_back(13);
    tags_["gg"].push_back(14);
    tags_["hh"].push_back(15);
    tags_["aaa"].push_back(16);
    tags_["bbb"].push_back(17);
    tags_["ccc"].push_back(18);
    tags_["ddd"].push_back(19);
    tags_["eee"].push_back(20);
    tags_["fff"].push_back(21);
    tags_["ggg"].push_back(22);
    tags_["hhh"].push_back(23);
    tags_["aaaa"].push_back(24);
    tags_["bbbb"].push_back(25);
    tags_["cccc"].push_back(26);
    tags_["dddd"].push_back(27);
    tags_["eeee"].push_back(28);
    tags_["ffff"].push_back(29);
    tags_["gggg"].push_back(30);
    tags_["hhhh"].push_back(31);
    tags_["aaaaa"].push_back(32);
    tags_["bbbbb"].push_back(33);
    tags_["ccccc"].push_back(34);
    tags_["ddddd"].push_back(35);
    tags_["eeeee"].push_back(36);
    tags_["fffff"].push_back(37);
    tags_["ggggg"].push_back(38);
    tags_["hhhhh"].push_back(39);
  }
  bool has(const std::string &key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return tags_.count(key) != 0;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Tags::tags_ keep multi-key
  std::map<std::string, std::vector<int>> tags_;
};

// And where what each found is asked for.
class Numbers {
public:
  int fill() {
    std::lock_guard<std::mutex> lock(mutex_);
    const bool all[] = {
        numbers_.try_emplace(0).second, numbers_.try_emplace(1).second,
        numbers_.try_emplace(4).second, numbers_.try_emplace(5).second,
        numbers_.try_emplace(8).second, numbers_.try_emplace(9).second,
        numbers_.try_emplace(12).second, numbers_.try_emplace(13).second,
        numbers_.try_emplace(16).second, numbers_.try_emplace(17).second,
        numbers_.try_emplace(20).second, numbers_.try_emplace(21).second,
        numbers_.try_emplace(24).second, numbers_.try_emplace(25).second,
        numbers_.try_emplace(28).second, numbers_.try_emplace(29).second,
        numbers_.try_emplace(32).second, numbers_.try_emplace(33).second,
        numbers_.try_emplace(36).second, numbers_.try_emplace(37).second,
        numbers_.try_emplace(2).second, numbers_.try_emplace(3).second,
        numbers_.try_emplace(6).second, numbers_.try_emplace(7).second,
        numbers_.try_emplace(10).second, numbers_.try_emplace(11).second,
        numbers_.try_emplace(14).second, numbers_.try_emplace(15).second,
        numbers_.try_emplace(18).second, numbers_.try_emplace(19).second,
        numbers_.try_emplace(22).second, numbers_.try_emplace(23).second,
        numbers_.try_emplace(26).second, numbers_.try_emplace(27).second,
        numbers_.try_emplace(30).second, numbers_.try_emplace(31).second,
        numbers_.try_emplace(34).second, numbers_.try_emplace(35).second,
        numbers_.try_emplace(38).second, numbers_.try_emplace(39).second,
    };
    return all[0] ? 1 : 2;
  }
  bool has(int key) {
    std::lock_guard<std::mutex> lock(mutex_);
    return numbers_.count(key) != 0;
  }

private:
  std::mutex mutex_;
  // EXPECT: field Numbers::numbers_ keep unsupported-operation
  std::map<int, int> numbers_;
};

int main() {
  Tags tags;
  tags.fill();
  Numbers numbers;
  return numbers.fill() + (tags.has("a") ? 1 : 0) + (numbers.has(1) ? 1 : 0);
}
