// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls worker processes through a broker from several threads, and prints how many calls a second
// were answered and how long they took.

#include "broker.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int threads = 4;
  int workers = 2;
  int seconds = 5;
  int payload = 32;
  std::string worker = BROKER_WORKER_PATH;
};

void usage(std::ostream &out) {
  out << "usage: broker_load [--threads N] [--workers N] [--seconds N] [--payload BYTES]\n"
         "                   [--worker PATH]\n";
}

bool toNumber(std::string_view text, int least, int &value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= least;
}

bool parse(int argc, char **argv, Options &options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string_view value = argv[i + 1];
    if (name == "--worker")
      options.worker = value;
    else if (!((name == "--threads" && toNumber(value, 1, options.threads)) ||
               (name == "--workers" && toNumber(value, 1, options.workers)) ||
               (name == "--seconds" && toNumber(value, 1, options.seconds)) ||
               (name == "--payload" && toNumber(value, 0, options.payload))))
      return false;
  }
  return argc % 2 == 1;
}

struct Client {
  std::vector<std::uint32_t> microseconds;
  std::uint64_t errors = 0;
};

void runClient(broker::Broker &broker, const std::vector<std::string> &targets, std::size_t first,
               const std::string &payload, Clock::time_point end, Client &client) {
  for (std::size_t i = first;; ++i) {
    const auto started = Clock::now();
    if (started >= end)
      return;
    const auto result =
        broker.callRpc(targets[i % targets.size()], "echo", payload, std::chrono::seconds(5));
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started);
    if (result.status == broker::RpcStatus::Ok && result.payload == payload)
      client.microseconds.push_back(static_cast<std::uint32_t>(took.count()));
    else
      ++client.errors;
  }
}

std::uint32_t percentile(const std::vector<std::uint32_t> &sorted, double share) {
  if (sorted.empty())
    return 0;
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(last * share)];
}

} // namespace

int main(int argc, char **argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    usage(std::cerr);
    return 2;
  }

  broker::Broker broker;
  std::vector<std::string> targets;
  for (int i = 0; i < options.workers; ++i) {
    broker::ProcessSpec spec;
    spec.id = "worker-" + std::to_string(i);
    spec.command = options.worker;
    if (broker.spawn(spec) != broker::SpawnStatus::Started ||
        !broker.waitUntilReady(spec.id, std::chrono::seconds(10))) {
      std::cerr << "broker_load: can't start " << options.worker << '\n';
      return 1;
    }
    targets.push_back(spec.id);
  }

  const std::string payload(static_cast<std::size_t>(options.payload), 'x');
  std::vector<Client> clients(static_cast<std::size_t>(options.threads));
  const auto started = Clock::now();
  const auto end = started + std::chrono::seconds(options.seconds);
  {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < clients.size(); ++i)
      threads.emplace_back([&, i] { runClient(broker, targets, i, payload, end, clients[i]); });
    for (auto &thread : threads)
      thread.join();
  }
  const std::chrono::duration<double> took = Clock::now() - started;
  broker.shutdown();

  std::vector<std::uint32_t> all;
  std::uint64_t errors = 0;
  for (const auto &client : clients) {
    all.insert(all.end(), client.microseconds.begin(), client.microseconds.end());
    errors += client.errors;
  }
  std::sort(all.begin(), all.end());

  std::cout << std::fixed << std::setprecision(1) << "threads " << options.threads << ", workers "
            << options.workers << ", payload " << options.payload << " bytes, " << took.count()
            << " s\n"
            << "requests " << all.size() << ", errors " << errors << '\n'
            << "requests per second " << static_cast<double>(all.size()) / took.count() << '\n'
            << "latency in us: p50 " << percentile(all, 0.5) << ", p99 " << percentile(all, 0.99)
            << ", p99.9 " << percentile(all, 0.999) << ", max " << percentile(all, 1.0) << '\n';
  return errors == 0 && !all.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}
