// Statistics over peers, exact at the edges, and the same however the population was cut.
#include "runtime/exec/peers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace sanku::exec {
namespace {

constexpr Int128 percent = 10'000; // units of a rank

PeerShape shape(PeerStatistic statistic, Int128 rank = 0, std::uint32_t at_least = 1,
                std::uint32_t more_scale = 0) {
  return {.statistic = statistic, .rank = rank, .at_least = at_least, .more_scale = more_scale};
}
std::optional<Int128> percentile(Int128 rank, const std::vector<Int128>& values) {
  return statistic(shape(PeerStatistic::percentile, rank), values);
}

// By hand, nearest rank: of n values the one at place ceil(rank × n / 100).
TEST(Peers, APercentileIsOneOfTheValues) {
  const std::vector<Int128> five = {10, 20, 30, 40, 50};
  EXPECT_EQ(percentile(50 * percent, five), 30);
  EXPECT_EQ(percentile(40 * percent, five), 20);
  EXPECT_EQ(percentile(40 * percent + 1, five), 30);
  EXPECT_EQ(percentile(1, five), 10);
  EXPECT_EQ(percentile(100 * percent, five), 50);
  EXPECT_EQ(percentile(95 * percent, {7}), 7);
  EXPECT_EQ(percentile(95 * percent, {}), std::nullopt);
}

TEST(Peers, TooFewSayNothing) {
  const std::vector<Int128> three = {1, 2, 3};
  EXPECT_EQ(statistic(shape(PeerStatistic::mean, 0, 3), three), 2);
  EXPECT_EQ(statistic(shape(PeerStatistic::mean, 0, 4), three), std::nullopt);
}

// Mean 3.5 and deviation sqrt(35/12) = 1.7078… of one to six.
TEST(Peers, MeanAndDeviationAreRoundedHalfAwayFromZero) {
  const std::vector<Int128> die = {1, 2, 3, 4, 5, 6}, below = {-6, -5, -4, -3, -2, -1};
  EXPECT_EQ(statistic(shape(PeerStatistic::mean), die), 4);
  EXPECT_EQ(statistic(shape(PeerStatistic::mean), below), -4);
  EXPECT_EQ(statistic(shape(PeerStatistic::mean, 0, 1, 2), die), 350);
  EXPECT_EQ(statistic(shape(PeerStatistic::deviation, 0, 1, 4), die), 17078);
  EXPECT_EQ(statistic(shape(PeerStatistic::deviation, 0, 1, 4), {5}), 0);
}

TEST(Peers, WhatDoesNotFitSaysNothing) {
  const Int128 most = std::numeric_limits<Int128>::max();
  EXPECT_EQ(statistic(shape(PeerStatistic::mean), {most, most}), std::nullopt);
  EXPECT_EQ(statistic(shape(PeerStatistic::deviation), {0, most}), std::nullopt);
  EXPECT_EQ(percentile(100 * percent, {most}), most);
}

TEST(Peers, AreTheSameHoweverThePopulationWasCut) {
  const auto key = [](const char* text) { return std::vector<Value>{CodeText{text}}; };
  Peers whole;
  std::vector<Peers> parts(3);
  for (int i = 0; i < 60; ++i) {
    const auto keys = key(i % 2 == 0 ? "A" : "B");
    whole.add(keys, (i * 37) % 60);
    parts[static_cast<std::size_t>(i * i) % 3].add(keys, (i * 37) % 60);
  }
  Peers joined;
  for (const std::size_t part : {2u, 0u, 1u})
    joined.add(parts[part]);
  whole.finish();
  joined.finish();
  for (const char* group : {"A", "B", "C"})
    for (const PeerStatistic each :
         {PeerStatistic::percentile, PeerStatistic::mean, PeerStatistic::deviation})
      EXPECT_EQ(whole.find(shape(each, 95 * percent, 2, 3), key(group)),
                joined.find(shape(each, 95 * percent, 2, 3), key(group)))
          << group;
  EXPECT_EQ(whole.find(shape(PeerStatistic::mean), key("C")), std::nullopt);
}

// A missing key is a key of its own, apart from every text.
TEST(Peers, KeysAreToldApartByKindAndContent) {
  Peers peers;
  peers.add({Unknown{}}, 1);
  peers.add({std::string()}, 2);
  peers.add({CodeText{""}}, 3);
  peers.add({std::string("a"), std::string("b")}, 4);
  peers.add({std::string("ab"), std::string()}, 5);
  peers.finish();
  const PeerShape same = shape(PeerStatistic::same);
  EXPECT_EQ(peers.find(same, {Unknown{}}), 1);
  EXPECT_EQ(peers.find(same, {std::string()}), 2);
  EXPECT_EQ(peers.find(same, {CodeText{""}}), 3);
  EXPECT_EQ(peers.find(same, {std::string("a"), std::string("b")}), 4);
  EXPECT_EQ(peers.find(same, {std::string("ab"), std::string()}), 5);
}

} // namespace
} // namespace sanku::exec
