// Groups beside their peers: what a value is compared with that only all groups of a population
// together decide: `percentile(95 of share) among provider.level, month`. First every group adds
// its value (Peers::add), then the values are put in order (finish), then each is asked for (find).
// Numbers are exact. Tested by tests/unit/runtime/peers_test.cpp and tests/cases/populations.
#pragma once

#include "runtime/types/scalar.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sanku::exec {

enum class PeerStatistic : std::uint8_t {
  percentile, // nearest rank
  mean,
  deviation, // of the population: the root of the mean square distance from the mean
  same,      // the value of the one group with those keys
};

struct PeerShape {
  PeerStatistic statistic = PeerStatistic::percentile;
  Int128 rank = 0;              // of a percentile: in units of 10^-4 percent, above 0 up to 100 %
  std::uint32_t at_least = 1;   // fewer peers say nothing
  std::uint32_t more_scale = 0; // places of the result beyond those of the values
};

// `values` in order; nothing while there are fewer than `at_least`, or where 128 bits do not hold
// the answer.
[[nodiscard]] std::optional<Int128> statistic(const PeerShape& shape,
                                              const std::vector<Int128>& values);

// The peers of one place where a rule asks for them.
class Peers {
public:
  void add(const std::vector<Value>& keys, Int128 value);
  // All of another part of the population.
  void add(const Peers& others);
  void finish();
  [[nodiscard]] std::optional<Int128> find(const PeerShape& shape,
                                           const std::vector<Value>& keys) const;

private:
  // Keys as bytes: the same key is the same bytes, whatever batch it comes from.
  std::map<std::string, std::vector<Int128>> groups_;
};

// By rule, by place.
using PeersOfRules = std::vector<std::vector<Peers>>;
void add(PeersOfRules& peers, const PeersOfRules& others);
void finish(PeersOfRules& peers);

// One of several times that a population is gone through: which rules are judged (null: all), and
// what their groups are compared with.
struct Pass {
  const std::vector<bool>* rules = nullptr;
  const PeersOfRules* peers = nullptr;
  bool again = false; // the visits were counted before
};

} // namespace sanku::exec
