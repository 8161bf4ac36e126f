// RUN: %check_rewrite --plan-only --unlatch-arg=--no-verify %s -std=c++17
// Names that begin as those of loggers do.
#include <mutex>
#include <string>

void LoginUser(int id);
void LogicallyDelete(int id);
void logIn(int id);
void log_out(int id);
struct CommitLog {
  void write(int id);
};
void logMessage(const std::string &text);
struct AuditLog {
  void info(const std::string &text);
};

class Login {
public:
  void open(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    LoginUser(id);
    ++n_;
  }
  int count() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Login::n_ keep calls-out
  int n_ = 0;
};

class Logical {
public:
  void open(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    LogicallyDelete(id);
    ++n_;
  }
  int count() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Logical::n_ keep calls-out
  int n_ = 0;
};

class CamelIn {
public:
  void open(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    logIn(id);
    ++n_;
  }
  int count() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field CamelIn::n_ keep calls-out
  int n_ = 0;
};

class Out {
public:
  void open(int id) {
    std::lock_guard<std::mutex> lock(mu_);
    log_out(id);
    ++n_;
  }
  int count() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Out::n_ keep calls-out
  int n_ = 0;
};

class Written {
public:
  void open(CommitLog &log) {
    std::lock_guard<std::mutex> lock(mu_);
    log.write(1);
    ++n_;
  }
  int count() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Written::n_ keep calls-out
  int n_ = 0;
};

class Message {
public:
  void open(int) {
    std::lock_guard<std::mutex> lock(mu_);
    logMessage("opened");
    ++n_;
  }
  int count() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Message::n_ convert atomic
  int n_ = 0;
};

class Audited {
public:
  void open(AuditLog &log) {
    std::lock_guard<std::mutex> lock(mu_);
    log.info("opened");
    ++n_;
  }
  int count() {
    std::lock_guard<std::mutex> lock(mu_);
    return n_;
  }

private:
  std::mutex mu_;
  // EXPECT: field Audited::n_ convert atomic
  int n_ = 0;
};
