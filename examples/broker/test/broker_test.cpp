// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "broker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <functional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

namespace broker {
namespace {

constexpr auto kPatience = 10s;

ProcessSpec workerSpec(const std::string &id, std::vector<std::string> args = {}) {
  ProcessSpec spec;
  spec.id = id;
  spec.command = BROKER_WORKER_PATH;
  spec.args = std::move(args);
  spec.restartDelay = 20ms;
  return spec;
}

Message makeMessage(MessageType type, const std::string &correlationId, const std::string &source,
                    const std::string &target, const std::string &method,
                    const std::string &payload) {
  Message message;
  message.type = type;
  message.correlationId = correlationId;
  message.source = source;
  message.target = target;
  message.method = method;
  message.payload = payload;
  return message;
}

bool eventually(const std::function<bool()> &condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

/// Runs `body(index)` in `count` threads at once and waits for them.
void inThreads(int count, const std::function<void(int)> &body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&body, i] { body(i); });
  for (auto &thread : threads)
    thread.join();
}

class BrokerTest : public ::testing::Test {
protected:
  BrokerTest() { broker.logger()->setLevel(LogLevel::Off); }

  void start(const ProcessSpec &spec) {
    ASSERT_EQ(broker.spawn(spec), SpawnStatus::Started);
    ASSERT_TRUE(broker.waitUntilReady(spec.id, kPatience));
  }

  ProcessStatus statusOf(const std::string &id) const {
    const auto info = broker.getProcess(id);
    return info ? info->status : ProcessStatus::Exited;
  }

  Broker broker{BrokerOptions{500ms, 1000ms}};
};

// Messages and transport.

TEST(MessageTest, TextFormKeepsEverything) {
  const auto message =
      makeMessage(MessageType::Request, "c-1", "a", "b", "echo", std::string("x\n\n\0y", 5));
  const auto text = encodeMessage(message);
  ASSERT_TRUE(text);
  const auto back = decodeMessage(*text);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->type, MessageType::Request);
  EXPECT_EQ(back->correlationId, "c-1");
  EXPECT_EQ(back->source, "a");
  EXPECT_EQ(back->target, "b");
  EXPECT_EQ(back->method, "echo");
  EXPECT_EQ(back->payload, message.payload);
}

TEST(MessageTest, RefusesWhatHasNoTextForm) {
  EXPECT_FALSE(encodeMessage(makeMessage(MessageType::Event, "a\nb", "", "", "", "")));
  EXPECT_FALSE(encodeMessage(makeMessage(MessageType::Event, "", "", "", "m\n", "")));
  EXPECT_FALSE(
      encodeMessage(makeMessage(MessageType::Event, "", "", "", "", std::string(kMaxFrame, 'x'))));
  EXPECT_FALSE(decodeMessage(""));
  EXPECT_FALSE(decodeMessage("request\n1\na\nb"));
  EXPECT_FALSE(decodeMessage("letter\n1\na\nb\nm\n"));
}

TEST(MessageTest, FrameStartsWithItsLength) {
  const std::string text(70000, 'z');
  const auto framed = frame(text);
  ASSERT_EQ(framed.size(), kFrameHeader + text.size());
  EXPECT_EQ(frameLength(framed), text.size());
}

TEST(MessageTest, AnswersGoBackToTheSender) {
  const auto request = makeMessage(MessageType::Request, "c-2", "a", "b", "echo", "x");
  const auto response = makeResponse(request, "y");
  EXPECT_EQ(response.type, MessageType::Response);
  EXPECT_EQ(response.correlationId, "c-2");
  EXPECT_EQ(response.target, "a");
  EXPECT_EQ(response.source, "b");
  EXPECT_EQ(makeError(request, "no").type, MessageType::Error);
  EXPECT_STREQ(toString(MessageType::Error), "error");
  EXPECT_STREQ(toString(ProcessStatus::Restarting), "restarting");
}

class TransportTest : public ::testing::Test {
protected:
  void SetUp() override {
    int fds[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    raw = fds[1];
    transport = std::make_unique<Transport>(fds[0], 64);
  }
  void TearDown() override {
    if (raw >= 0)
      ::close(raw);
  }
  void write(const std::string &bytes) {
    ASSERT_EQ(::send(raw, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  int raw = -1;
  std::unique_ptr<Transport> transport;
  Message message;
};

TEST_F(TransportTest, PutsFramesTogether) {
  const auto text =
      *encodeMessage(makeMessage(MessageType::Event, "", "", "b", "m", std::string(500, 'p')));
  const auto framed = frame(text);
  write(framed.substr(0, 2));
  EXPECT_EQ(transport->receive(message, -1, 1ms), ReceiveStatus::Idle);
  write(framed.substr(2, 300));
  EXPECT_EQ(transport->receive(message, -1, 1ms), ReceiveStatus::Idle);
  write(framed.substr(302) + framed);
  EXPECT_EQ(transport->receive(message, -1, 1s), ReceiveStatus::Received);
  EXPECT_EQ(message.payload, std::string(500, 'p'));
  EXPECT_EQ(transport->receive(message, -1, 1s), ReceiveStatus::Received);
  EXPECT_EQ(transport->receive(message, -1, 1ms), ReceiveStatus::Idle);
}

TEST_F(TransportTest, ReportsBadInput) {
  write(frame("nonsense"));
  EXPECT_EQ(transport->receive(message, -1, 1s), ReceiveStatus::Malformed);
  write("\x7f\xff\xff\xff");
  EXPECT_EQ(transport->receive(message, -1, 1s), ReceiveStatus::Closed);
}

TEST_F(TransportTest, ReportsWakeAndEnd) {
  WakeEvent wake;
  wake.signal();
  wake.signal();
  EXPECT_EQ(transport->receive(message, wake.fd(), 1s), ReceiveStatus::Woken);
  EXPECT_EQ(transport->receive(message, wake.fd(), 1s), ReceiveStatus::Woken);
  ::close(std::exchange(raw, -1));
  EXPECT_EQ(transport->receive(message, -1, 1s), ReceiveStatus::Closed);
  EXPECT_FALSE(transport->send(message, 1ms));
}

TEST_F(TransportTest, GivesUpOnAReaderWhoDoesNotRead) {
  const auto large =
      makeMessage(MessageType::Event, "", "", "", "", std::string(kMaxFrame / 2, 'x'));
  bool sent = true;
  for (int i = 0; i < 20 && sent; ++i)
    sent = transport->send(large, 20ms);
  EXPECT_FALSE(sent);
  EXPECT_FALSE(transport->send(large, 20ms));
}

TEST(ThreadGroupTest, RunsAndJoins) {
  ThreadGroup group;
  std::atomic<int> ran{0};
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(group.start([&] { ++ran; }));
  group.joinAll();
  EXPECT_EQ(ran, 20);
  EXPECT_FALSE(group.start([&] { ++ran; }));
  EXPECT_EQ(ran, 20);
}

TEST(LoggerTest, WritesWhatIsImportantEnough) {
  std::ostringstream out;
  Logger logger(out, LogLevel::Info);
  logger.debug("one");
  logger.info("two");
  logger.warn("three");
  logger.setLevel(LogLevel::Error);
  logger.warn("four");
  logger.error("five");
  EXPECT_EQ(out.str(), "[broker] info: two\n[broker] warn: three\n[broker] error: five\n");
}

// State that needs no children.

TEST_F(BrokerTest, StartsEmpty) {
  EXPECT_EQ(broker.processCount(), 0U);
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
  EXPECT_EQ(broker.issuedCorrelationIds(), 0U);
  EXPECT_TRUE(broker.listProcesses().empty());
  EXPECT_TRUE(broker.getAllEndpoints().empty());
  EXPECT_FALSE(broker.getProcess("nobody"));
  EXPECT_FALSE(broker.kill("nobody"));
  EXPECT_FALSE(broker.waitUntilReady("nobody", 1ms));
}

TEST_F(BrokerTest, InsertsAndFindsAProcess) {
  auto process = std::make_shared<Process>(workerSpec("p"), ProcessStatus::Running);
  broker.insertProcess("p", process);
  EXPECT_EQ(broker.processCount(), 1U);
  ASSERT_TRUE(broker.getProcess("p"));
  EXPECT_EQ(broker.getProcess("p")->status, ProcessStatus::Running);
  EXPECT_TRUE(broker.waitUntilReady("p", 1ms));
  EXPECT_EQ(broker.spawn(workerSpec("p")), SpawnStatus::AlreadyPresent);
  EXPECT_EQ(broker.callRpc("p", "echo", "", 10ms).status, RpcStatus::UnknownTarget);
  EXPECT_TRUE(broker.kill("p"));
  EXPECT_EQ(broker.processCount(), 0U);
  EXPECT_EQ(process.use_count(), 1);
}

TEST_F(BrokerTest, KeepsItsCollaborators) {
  auto logger = std::make_shared<Logger>(LogLevel::Off);
  broker.setLogger(logger);
  EXPECT_EQ(broker.logger(), logger);
  auto spawner = std::make_shared<Spawner>();
  broker.setSpawner(spawner);
  EXPECT_EQ(broker.spawner(), spawner);
  auto permits = std::make_shared<PermitManager>(3);
  EXPECT_EQ(broker.permitManager(), nullptr);
  broker.setPermitManager(permits);
  EXPECT_EQ(broker.permitManager(), permits);
  Optimizer optimizer;
  EXPECT_EQ(broker.optimizer(), nullptr);
  broker.setOptimizer(&optimizer);
  EXPECT_EQ(broker.optimizer(), &optimizer);
  broker.setOptimizer(nullptr);
  EXPECT_THROW(broker.setLogger(nullptr), std::invalid_argument);
  EXPECT_THROW(broker.setSpawner(nullptr), std::invalid_argument);
}

TEST_F(BrokerTest, RegistersEachEndpointOnce) {
  broker.registerEndpoint("a", "echo");
  broker.registerEndpoint("a", "add");
  broker.registerEndpoint("a", "echo");
  broker.registerEndpoint("b", "echo");
  EXPECT_EQ(broker.getEndpoints("a"), (std::vector<std::string>{"echo", "add"}));
  EXPECT_EQ(broker.getEndpoints("b"), (std::vector<std::string>{"echo"}));
  EXPECT_TRUE(broker.getEndpoints("c").empty());
  const auto all = broker.getAllEndpoints();
  EXPECT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at("a").size(), 2U);
}

TEST_F(BrokerTest, LogsNewEndpoints) {
  std::ostringstream out;
  broker.setLogger(std::make_shared<Logger>(out, LogLevel::Debug));
  broker.registerEndpoint("a", "echo");
  broker.registerEndpoint("a", "echo");
  EXPECT_EQ(out.str(), "[broker] debug: registered endpoint echo of a\n");
  broker.setLogger(std::make_shared<Logger>(LogLevel::Off));
}

TEST_F(BrokerTest, CorrelationIdsAreUniqueAcrossThreads) {
  constexpr int kThreads = 8;
  constexpr int kEach = 500;
  std::vector<std::vector<std::string>> ids(kThreads);
  inThreads(kThreads, [&](int index) {
    for (int i = 0; i < kEach; ++i)
      ids[static_cast<std::size_t>(index)].push_back(broker.nextCorrelationId());
  });
  std::set<std::string> unique;
  for (const auto &list : ids)
    unique.insert(list.begin(), list.end());
  EXPECT_EQ(unique.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(broker.issuedCorrelationIds(), static_cast<std::uint64_t>(kThreads * kEach));
}

TEST_F(BrokerTest, ResponseGoesToTheCallThatWaits) {
  auto pending = std::make_shared<PendingRequest>("p", "echo");
  EXPECT_EQ(pending->target(), "p");
  EXPECT_EQ(pending->method(), "echo");
  broker.addPendingRequest("c-1", pending);
  EXPECT_EQ(broker.pendingRequestCount(), 1U);
  const auto response = makeMessage(MessageType::Response, "c-1", "p", "broker", "echo", "hello");
  EXPECT_TRUE(broker.routeMessage(response));
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
  const auto got = pending->wait(0ms, {});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->payload, "hello");
  EXPECT_FALSE(broker.routeMessage(response)) << "nobody waits for it any more";
}

TEST_F(BrokerTest, RemovedRequestGetsNoResponse) {
  auto pending = std::make_shared<PendingRequest>("p", "echo");
  broker.addPendingRequest("c-1", pending);
  broker.removePendingRequest("c-1");
  broker.removePendingRequest("c-1");
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
  EXPECT_FALSE(
      broker.routeMessage(makeMessage(MessageType::Error, "c-1", "p", "broker", "echo", "")));
  EXPECT_FALSE(pending->wait(1ms, {}));
}

TEST_F(BrokerTest, EachResponseIsDeliveredOnce) {
  constexpr int kRequests = 300;
  std::vector<std::shared_ptr<PendingRequest>> requests;
  for (int i = 0; i < kRequests; ++i) {
    requests.push_back(std::make_shared<PendingRequest>("p", "m"));
    broker.addPendingRequest("c-" + std::to_string(i), requests.back());
  }
  std::atomic<int> delivered{0};
  inThreads(4, [&](int index) {
    for (int i = 0; i < kRequests; ++i)
      if (broker.routeMessage(makeMessage(MessageType::Response, "c-" + std::to_string(i), "p",
                                          "broker", "m", std::to_string(index))))
        ++delivered;
  });
  EXPECT_EQ(delivered, kRequests);
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
  for (const auto &request : requests)
    EXPECT_TRUE(request->wait(0ms, {}));
}

TEST_F(BrokerTest, MessagesToNobodyAreRefused) {
  EXPECT_FALSE(broker.routeMessage(makeMessage(MessageType::Request, "1", "a", "b", "m", "")));
  EXPECT_FALSE(broker.routeMessage(makeMessage(MessageType::Event, "", "a", "b", "m", "")));
  EXPECT_FALSE(broker.routeMessage(makeMessage(MessageType::Event, "", "a", "broker", "m", "")));
}

TEST_F(BrokerTest, AnswersForItself) {
  broker.registerEndpoint("a", "echo");
  const auto endpoints = broker.callRpc("broker", "endpoints", "a", 1s);
  EXPECT_EQ(endpoints.status, RpcStatus::Ok);
  EXPECT_EQ(endpoints.payload, "echo\n");
  broker.insertProcess("a", std::make_shared<Process>(workerSpec("a"), ProcessStatus::Running));
  EXPECT_EQ(broker.callRpc("broker", "processes", "", 1s).payload, "a running\n");
  EXPECT_EQ(broker.callRpc("broker", "dance", "", 1s).status, RpcStatus::Failed);
}

// With children.

TEST_F(BrokerTest, RefusesBadSpawns) {
  EXPECT_EQ(broker.spawn(workerSpec("")), SpawnStatus::InvalidId);
  EXPECT_EQ(broker.spawn(workerSpec("a\nb")), SpawnStatus::InvalidId);
  EXPECT_EQ(broker.spawn(workerSpec("broker")), SpawnStatus::InvalidId);
  auto missing = workerSpec("missing");
  missing.command = "/no/such/program";
  EXPECT_EQ(broker.spawn(missing), SpawnStatus::LaunchFailed);
  EXPECT_EQ(broker.processCount(), 0U);
  EXPECT_FALSE(broker.getProcess("missing"));
}

TEST_F(BrokerTest, SpawnsAndCalls) {
  start(workerSpec("w"));
  const auto info = broker.getProcess("w");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->status, ProcessStatus::Running);
  EXPECT_GT(info->pid, 0);
  EXPECT_EQ(info->command, BROKER_WORKER_PATH);
  EXPECT_EQ(info->restartCount, 0);
  EXPECT_FALSE(info->endTime);
  EXPECT_EQ(broker.spawn(workerSpec("w")), SpawnStatus::AlreadyPresent);

  const auto endpoints = broker.getEndpoints("w");
  EXPECT_NE(std::find(endpoints.begin(), endpoints.end(), "echo"), endpoints.end());

  const auto echo = broker.callRpc("w", "echo", "hello\nthere", kPatience);
  EXPECT_EQ(echo.status, RpcStatus::Ok);
  EXPECT_EQ(echo.payload, "hello\nthere");
  EXPECT_EQ(broker.callRpc("w", "add", "2 -44", kPatience).payload, "-42");
  EXPECT_EQ(broker.callRpc("w", "add", "two", kPatience).status, RpcStatus::Failed);
  EXPECT_EQ(broker.callRpc("w", "dance", "", kPatience).status, RpcStatus::Failed);
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
  EXPECT_GE(broker.getProcess("w")->messagesReceived, 6U);
}

TEST_F(BrokerTest, CarriesLargePayloads) {
  Optimizer optimizer;
  broker.setOptimizer(&optimizer);
  start(workerSpec("w"));
  const std::string large(kMaxFrame / 2, 'y');
  EXPECT_EQ(broker.callRpc("w", "echo", large, kPatience).payload, large);
  EXPECT_GE(optimizer.observed(), 2U);
  EXPECT_EQ(optimizer.suggestedChunk(), Transport::kDefaultChunk * 4);
  start(workerSpec("v"));
  EXPECT_EQ(broker.callRpc("v", "echo", large, kPatience).payload, large);
  EXPECT_EQ(broker.callRpc("v", "echo", std::string(kMaxFrame, 'z'), kPatience).status,
            RpcStatus::UnknownTarget)
      << "too large to send";
  broker.shutdown();
  broker.setOptimizer(nullptr);
}

TEST_F(BrokerTest, CallsTimeOut) {
  start(workerSpec("w"));
  EXPECT_EQ(broker.callRpc("w", "sleep", "10000", 30ms).status, RpcStatus::Timeout);
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
  EXPECT_EQ(broker.callRpc("w", "sleep", "100", 1ms).status, RpcStatus::Timeout);
  std::this_thread::sleep_for(150ms); // the late answer comes to nobody
  EXPECT_EQ(broker.callRpc("w", "echo", "still there", kPatience).payload, "still there");
}

TEST_F(BrokerTest, AnswersComeInAnyOrder) {
  start(workerSpec("w"));
  std::atomic<int> good{0};
  inThreads(8, [&](int index) {
    const auto pause = std::to_string(80 - 10 * index);
    if (broker.callRpc("w", "sleep", pause, kPatience).payload == pause)
      ++good;
  });
  EXPECT_EQ(good, 8);
}

TEST_F(BrokerTest, UnknownTargets) {
  EXPECT_EQ(broker.callRpc("nobody", "echo", "", 1s).status, RpcStatus::UnknownTarget);
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
  EXPECT_EQ(broker.issuedCorrelationIds(), 1U);
  start(workerSpec("w"));
  const auto relayed = broker.callRpc("w", "relay", "nobody echo hello", kPatience);
  EXPECT_EQ(relayed.status, RpcStatus::Failed);
  EXPECT_EQ(relayed.payload, "no such process: nobody");
}

TEST_F(BrokerTest, RoutesBetweenProcesses) {
  start(workerSpec("a"));
  start(workerSpec("b"));
  const auto relayed = broker.callRpc("a", "relay", "b add 40 2", kPatience);
  EXPECT_EQ(relayed.status, RpcStatus::Ok);
  EXPECT_EQ(relayed.payload, "42");
  EXPECT_EQ(broker.callRpc("a", "relay", "b add x", kPatience).status, RpcStatus::Failed);
  const auto endpoints = broker.callRpc("a", "relay", "broker endpoints b", kPatience);
  EXPECT_NE(endpoints.payload.find("echo"), std::string::npos);
  std::atomic<int> good{0};
  inThreads(6, [&](int index) {
    const std::string text = "text " + std::to_string(index);
    for (int i = 0; i < 20; ++i)
      if (broker
              .callRpc(index % 2 ? "a" : "b", "relay",
                       std::string(index % 2 ? "b" : "a") + " echo " + text, kPatience)
              .payload == text)
        ++good;
  });
  EXPECT_EQ(good, 120);
}

TEST_F(BrokerTest, MalformedMessagesAreDropped) {
  start(workerSpec("w"));
  EXPECT_EQ(broker.callRpc("w", "garbage", "", kPatience).payload, "sent");
  EXPECT_EQ(broker.callRpc("w", "echo", "on", kPatience).payload, "on");
}

TEST_F(BrokerTest, PermitsLimitCalls) {
  auto permits = std::make_shared<PermitManager>(2);
  broker.setPermitManager(permits);
  start(workerSpec("w"));
  EXPECT_EQ(broker.callRpc("w", "echo", "x", kPatience).status, RpcStatus::Ok);
  EXPECT_EQ(permits->available(), 2);
  std::atomic<int> busy{0};
  std::atomic<int> done{0};
  inThreads(6, [&](int) {
    const auto status = broker.callRpc("w", "sleep", "300", kPatience).status;
    if (status == RpcStatus::Busy)
      ++busy;
    else if (status == RpcStatus::Ok)
      ++done;
  });
  EXPECT_EQ(busy + done, 6);
  EXPECT_GE(done, 2);
  EXPECT_EQ(permits->available(), 2);
  broker.setPermitManager(nullptr);
  EXPECT_EQ(broker.callRpc("w", "echo", "x", kPatience).status, RpcStatus::Ok);
}

TEST_F(BrokerTest, ListsAllProcesses) {
  for (const char *id : {"a", "b", "c"})
    start(workerSpec(id));
  auto infos = broker.listProcesses();
  ASSERT_EQ(infos.size(), 3U);
  std::sort(infos.begin(), infos.end(),
            [](const ProcessInfo &a, const ProcessInfo &b) { return a.id < b.id; });
  EXPECT_EQ(infos[0].id, "a");
  EXPECT_EQ(infos[2].id, "c");
  for (const auto &info : infos)
    EXPECT_EQ(info.status, ProcessStatus::Running);
  EXPECT_EQ(broker.processCount(), 3U);
}

TEST_F(BrokerTest, KillsAndSpawnsAgain) {
  start(workerSpec("w"));
  const auto pid = broker.getProcess("w")->pid;
  EXPECT_TRUE(broker.kill("w"));
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_FALSE(broker.getProcess("w"));
  EXPECT_FALSE(broker.kill("w"));
  EXPECT_EQ(broker.callRpc("w", "echo", "", 1s).status, RpcStatus::UnknownTarget);
  EXPECT_FALSE(broker.getEndpoints("w").empty()) << "endpoints are remembered";
  const auto endpoints = broker.getEndpoints("w").size();
  start(workerSpec("w"));
  EXPECT_EQ(broker.callRpc("w", "echo", "again", kPatience).payload, "again");
  EXPECT_EQ(broker.getEndpoints("w").size(), endpoints);
}

TEST_F(BrokerTest, KillsTheStubborn) {
  start(workerSpec("w", {"--stubborn"}));
  const auto pid = broker.getProcess("w")->pid;
  EXPECT_TRUE(broker.kill("w"));
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(broker.processCount(), 0U);
}

TEST_F(BrokerTest, OneOfManyKillsWins) {
  for (int round = 0; round < 5; ++round) {
    start(workerSpec("w"));
    std::atomic<int> won{0};
    inThreads(4, [&](int) {
      if (broker.kill("w"))
        ++won;
    });
    EXPECT_EQ(won, 1);
    EXPECT_EQ(broker.processCount(), 0U);
  }
}

TEST_F(BrokerTest, OneOfManySpawnsWins) {
  std::atomic<int> won{0};
  std::atomic<int> present{0};
  inThreads(6, [&](int) {
    switch (broker.spawn(workerSpec("w"))) {
    case SpawnStatus::Started:
      ++won;
      break;
    case SpawnStatus::AlreadyPresent:
      ++present;
      break;
    default:
      break;
    }
  });
  EXPECT_EQ(won, 1);
  EXPECT_EQ(present, 5);
  EXPECT_TRUE(broker.waitUntilReady("w", kPatience));
}

// The end of children, wanted or not.

TEST_F(BrokerTest, ExitedProcessStaysListed) {
  auto spec = workerSpec("w");
  spec.maxRestarts = 3;
  start(spec);
  EXPECT_EQ(broker.callRpc("w", "exit", "0", 100ms).status, RpcStatus::Timeout);
  EXPECT_TRUE(eventually([&] { return statusOf("w") == ProcessStatus::Exited; }));
  const auto info = broker.getProcess("w");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->exitCode, 0);
  EXPECT_EQ(info->pid, -1);
  EXPECT_EQ(info->restartCount, 0) << "an orderly end is no reason to start again";
  ASSERT_TRUE(info->endTime);
  EXPECT_GE(*info->endTime, info->startTime);
  EXPECT_EQ(broker.callRpc("w", "echo", "", 1s).status, RpcStatus::UnknownTarget);
  EXPECT_TRUE(broker.kill("w"));
}

TEST_F(BrokerTest, FailedProcessTellsWhy) {
  start(workerSpec("a"));
  start(workerSpec("b"));
  broker.callRpc("a", "exit", "7", 50ms);
  broker.callRpc("b", "crash", "", 50ms);
  EXPECT_TRUE(eventually([&] { return statusOf("a") == ProcessStatus::Failed; }));
  EXPECT_TRUE(eventually([&] { return statusOf("b") == ProcessStatus::Failed; }));
  EXPECT_EQ(broker.getProcess("a")->exitCode, 7);
  EXPECT_EQ(broker.getProcess("b")->exitCode, 128 + SIGKILL);
  EXPECT_EQ(broker.getProcess("a")->restartCount, 0);
}

TEST_F(BrokerTest, NotReadyWhenItFailsEarly) {
  ASSERT_EQ(broker.spawn(workerSpec("w", {"--fail-early"})), SpawnStatus::Started);
  EXPECT_FALSE(broker.waitUntilReady("w", kPatience));
  EXPECT_EQ(broker.getProcess("w")->exitCode, 71);
}

TEST_F(BrokerTest, CrashedProcessIsStartedAgain) {
  auto spec = workerSpec("w");
  spec.maxRestarts = 2;
  start(spec);
  for (int restarts = 1; restarts <= 2; ++restarts) {
    const auto before = broker.getProcess("w")->pid;
    broker.callRpc("w", "crash", "", 20ms);
    ASSERT_TRUE(eventually([&] {
      const auto info = broker.getProcess("w");
      return info && info->status == ProcessStatus::Running && info->restartCount == restarts;
    }));
    EXPECT_NE(broker.getProcess("w")->pid, before);
    EXPECT_EQ(broker.callRpc("w", "echo", "back", kPatience).payload, "back");
  }
  broker.callRpc("w", "crash", "", 20ms);
  ASSERT_TRUE(eventually([&] { return statusOf("w") == ProcessStatus::Failed; }));
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(statusOf("w"), ProcessStatus::Failed) << "the limit is reached";
  EXPECT_EQ(broker.getProcess("w")->restartCount, 2);
}

TEST_F(BrokerTest, RestartsStopAtTheLimit) {
  auto spec = workerSpec("w", {"--crash-on-start"});
  spec.maxRestarts = 3;
  spec.restartDelay = 5ms;
  ASSERT_EQ(broker.spawn(spec), SpawnStatus::Started);
  ASSERT_TRUE(eventually([&] {
    const auto info = broker.getProcess("w");
    return info && info->status == ProcessStatus::Failed && info->restartCount == 3;
  }));
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(broker.getProcess("w")->restartCount, 3);
  EXPECT_EQ(broker.getProcess("w")->exitCode, 70);
}

TEST_F(BrokerTest, KillCancelsARestart) {
  auto spec = workerSpec("w", {"--crash-on-start"});
  spec.maxRestarts = 1;
  spec.restartDelay = 150ms;
  ASSERT_EQ(broker.spawn(spec), SpawnStatus::Started);
  ASSERT_TRUE(eventually([&] { return statusOf("w") == ProcessStatus::Restarting; }));
  EXPECT_TRUE(broker.kill("w"));
  std::this_thread::sleep_for(250ms);
  EXPECT_FALSE(broker.getProcess("w"));
}

TEST_F(BrokerTest, KillStaysKilledAmongRestarts) {
  auto spec = workerSpec("w", {"--crash-on-start"});
  spec.maxRestarts = 1000;
  spec.restartDelay = 0ms;
  for (int round = 0; round < 10; ++round) {
    ASSERT_EQ(broker.spawn(spec), SpawnStatus::Started);
    std::this_thread::sleep_for(std::chrono::milliseconds(3 * round));
    EXPECT_TRUE(broker.kill("w"));
    EXPECT_EQ(broker.processCount(), 0U);
  }
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(broker.processCount(), 0U);
}

class FailingSpawner : public Spawner {
public:
  Child launch(const ProcessSpec &spec) override {
    if (failures.fetch_sub(1) > 0)
      throw std::system_error(EAGAIN, std::generic_category(), spec.command);
    return Spawner::launch(spec);
  }

  std::atomic<int> failures{1};
};

TEST_F(BrokerTest, SpawnCanBeTriedAgainAfterAFailure) {
  broker.setSpawner(std::make_shared<FailingSpawner>());
  EXPECT_EQ(broker.spawn(workerSpec("w")), SpawnStatus::LaunchFailed);
  EXPECT_EQ(broker.processCount(), 0U);
  start(workerSpec("w"));
}

TEST_F(BrokerTest, FailedRestartIsReported) {
  std::ostringstream out;
  broker.setLogger(std::make_shared<Logger>(out, LogLevel::Error));
  auto spec = workerSpec("w");
  spec.maxRestarts = 1;
  start(spec);
  broker.setSpawner(std::make_shared<FailingSpawner>());
  broker.callRpc("w", "crash", "", 20ms);
  EXPECT_TRUE(eventually([&] { return broker.processCount() == 0; }));
  broker.shutdown();
  EXPECT_NE(out.str().find("can't start w again"), std::string::npos);
  broker.setLogger(std::make_shared<Logger>(LogLevel::Off));
}

// Shutdown.

TEST_F(BrokerTest, ShutdownEndsAllChildren) {
  for (const char *id : {"a", "b"})
    start(workerSpec(id));
  start(workerSpec("c", {"--stubborn"}));
  std::vector<pid_t> pids;
  for (const auto &info : broker.listProcesses())
    pids.push_back(info.pid);
  broker.shutdown();
  for (const auto pid : pids)
    EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(broker.processCount(), 3U);
  for (const auto &info : broker.listProcesses()) {
    EXPECT_EQ(info.status, ProcessStatus::Exited);
    EXPECT_EQ(info.pid, -1);
  }
  EXPECT_EQ(broker.spawn(workerSpec("d")), SpawnStatus::ShutDown);
  EXPECT_EQ(broker.callRpc("a", "echo", "", 1s).status, RpcStatus::ShutDown);
  broker.shutdown();
  EXPECT_TRUE(broker.kill("a"));
  EXPECT_EQ(broker.processCount(), 2U);
}

TEST_F(BrokerTest, ManyShutdownsAtOnce) {
  start(workerSpec("a"));
  inThreads(4, [&](int) {
    broker.shutdown();
    EXPECT_EQ(broker.getProcess("a")->pid, -1);
  });
}

TEST_F(BrokerTest, ShutdownEndsCallsUnderWay) {
  start(workerSpec("w"));
  std::thread caller(
      [&] { EXPECT_EQ(broker.callRpc("w", "sleep", "60000", 60s).status, RpcStatus::ShutDown); });
  EXPECT_TRUE(eventually([&] { return broker.pendingRequestCount() == 1; }));
  std::this_thread::sleep_for(20ms);
  broker.shutdown();
  caller.join();
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
}

TEST_F(BrokerTest, ShutdownWhileARestartIsDue) {
  auto spec = workerSpec("w", {"--crash-on-start"});
  spec.maxRestarts = 1;
  spec.restartDelay = 60s;
  ASSERT_EQ(broker.spawn(spec), SpawnStatus::Started);
  ASSERT_TRUE(eventually([&] { return statusOf("w") == ProcessStatus::Restarting; }));
  broker.shutdown();
  EXPECT_EQ(statusOf("w"), ProcessStatus::Failed);
}

// Many threads at once.

TEST_F(BrokerTest, CollaboratorsChangeWhileInUse) {
  start(workerSpec("w"));
  Optimizer optimizer;
  std::atomic<bool> stop{false};
  std::thread changer([&] {
    while (!stop) {
      broker.setLogger(std::make_shared<Logger>(LogLevel::Off));
      broker.setSpawner(std::make_shared<Spawner>());
      broker.setOptimizer(&optimizer);
      broker.setPermitManager(std::make_shared<PermitManager>(100));
      std::this_thread::sleep_for(100us);
    }
  });
  inThreads(4, [&](int index) {
    for (int i = 0; i < 200; ++i) {
      EXPECT_NE(broker.logger(), nullptr);
      EXPECT_NE(broker.spawner(), nullptr);
      const auto text = std::to_string(index * 1000 + i);
      EXPECT_EQ(broker.callRpc("w", "echo", text, kPatience).payload, text);
    }
  });
  stop = true;
  changer.join();
  broker.shutdown();
  broker.setOptimizer(nullptr);
}

TEST_F(BrokerTest, EndpointsFromManyThreads) {
  constexpr int kNames = 40;
  inThreads(8, [&](int index) {
    for (int i = 0; i < kNames; ++i) {
      broker.registerEndpoint("p" + std::to_string(index % 4), "m" + std::to_string(i));
      EXPECT_FALSE(broker.getEndpoints("p" + std::to_string(index % 4)).empty());
      if (i % 10 == 0) {
        EXPECT_FALSE(broker.getAllEndpoints().empty());
      }
    }
  });
  const auto all = broker.getAllEndpoints();
  EXPECT_EQ(all.size(), 4U);
  for (const auto &[id, endpoints] : all) {
    EXPECT_EQ(endpoints.size(), static_cast<std::size_t>(kNames)) << id;
    EXPECT_EQ(std::set<std::string>(endpoints.begin(), endpoints.end()).size(), endpoints.size());
  }
}

TEST_F(BrokerTest, ProcessesComeAndGoFromManyThreads) {
  inThreads(8, [&](int index) {
    for (int i = 0; i < 300; ++i) {
      const auto id = std::to_string(index) + "-" + std::to_string(i);
      broker.insertProcess(id, std::make_shared<Process>(workerSpec(id), ProcessStatus::Running));
      EXPECT_TRUE(broker.getProcess(id));
      if (i % 50 == 0) {
        EXPECT_FALSE(broker.listProcesses().empty());
      }
      if (i % 2 == 0) {
        EXPECT_TRUE(broker.kill(id));
      }
    }
  });
  EXPECT_EQ(broker.processCount(), 8U * 150U);
}

TEST_F(BrokerTest, EverythingAtOnce) {
  start(workerSpec("steady-0"));
  start(workerSpec("steady-1"));
  auto flaky = workerSpec("flaky");
  flaky.maxRestarts = 1000;
  flaky.restartDelay = 1ms;
  start(flaky);

  constexpr auto kDuration = 1500ms;
  const auto end = std::chrono::steady_clock::now() + kDuration;
  const auto running = [end] { return std::chrono::steady_clock::now() < end; };
  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> spawned{0};

  const std::vector<std::function<void()>> roles = {
      [&] { // calls
        for (int i = 0; running(); ++i) {
          const auto text = std::to_string(i);
          EXPECT_EQ(
              broker.callRpc("steady-" + std::to_string(i % 2), "echo", text, kPatience).payload,
              text);
          ++calls;
        }
      },
      [&] { // calls through two processes
        while (running())
          EXPECT_EQ(broker.callRpc("steady-0", "relay", "steady-1 add 1 2", kPatience).payload,
                    "3");
      },
      [&] { // spawns and kills its own
        for (int i = 0; running(); ++i) {
          const auto id = "guest-" + std::to_string(i % 3);
          if (broker.spawn(workerSpec(id)) == SpawnStatus::Started) {
            ++spawned;
            broker.callRpc(id, "echo", "hello", 100ms);
          }
          broker.kill(id);
        }
      },
      [&] { // spawns and kills the same as the one above
        for (int i = 0; running(); ++i) {
          const auto id = "guest-" + std::to_string(i % 3);
          if (i % 2 == 0)
            broker.spawn(workerSpec(id));
          else
            broker.kill(id);
        }
      },
      [&] { // crashes
        while (running()) {
          broker.callRpc("flaky", "crash", "", 20ms);
          std::this_thread::sleep_for(20ms);
        }
      },
      [&] { // looks
        while (running()) {
          for (const auto &info : broker.listProcesses())
            EXPECT_FALSE(info.id.empty());
          EXPECT_GE(broker.processCount(), 2U);
          EXPECT_TRUE(broker.getProcess("steady-0"));
          broker.pendingRequestCount();
          broker.issuedCorrelationIds();
          broker.getAllEndpoints();
        }
      },
      [&] { // registers and routes
        for (int i = 0; running(); ++i) {
          broker.registerEndpoint("steady-" + std::to_string(i % 2), "m" + std::to_string(i % 50));
          const auto id = broker.nextCorrelationId();
          auto pending = std::make_shared<PendingRequest>("x", "y");
          broker.addPendingRequest(id, pending);
          EXPECT_TRUE(broker.routeMessage(
              makeMessage(MessageType::Response, id, "x", "broker", "y", "done")));
          EXPECT_TRUE(pending->wait(0ms, {}));
        }
      },
  };
  inThreads(static_cast<int>(roles.size()),
            [&](int index) { roles[static_cast<std::size_t>(index)](); });

  EXPECT_GT(calls, 0U);
  EXPECT_GT(spawned, 0U);
  EXPECT_EQ(broker.pendingRequestCount(), 0U);
  EXPECT_EQ(broker.callRpc("steady-1", "echo", "fine", kPatience).payload, "fine");
  broker.shutdown();
  for (const auto &info : broker.listProcesses())
    EXPECT_EQ(info.pid, -1) << info.id;
}

} // namespace
} // namespace broker
