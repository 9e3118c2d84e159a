// Prescriptions of medicinal pieces: those of which nothing is paid, those that hold two pieces
// that must not meet, and harmless ones. Each prescription has a number of its own; where a scene
// wants company it is of pieces that stand in no table.
#include "tools/generate/lines.h"
#include "tools/generate/plant_shapes.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::generate {

namespace {

struct Prescription {
  std::uint32_t number = 0;
  Moment at = 0;
};

Prescription open(Claim& claim, Random& random) {
  const auto day = static_cast<int>(random.between(0, claim.days - 1));
  return {claim.next_prescription++, usual_moment(claim, random, day)};
}

std::uint32_t add(const Catalogue& catalogue, Claim& claim, Random& random,
                  const Prescription& prescription, std::uint32_t item, bool self_paid) {
  return add_reserved_line(catalogue, claim,
                           {.item = item,
                            .at = prescription.at,
                            .quantity = usual_quantity(random, catalogue.items[item]),
                            .prescription = prescription.number,
                            .self_paid = self_paid});
}

// A piece of the list that is free in the claim.
std::optional<std::uint32_t> draw(const Catalogue& catalogue, const Claim& claim, Random& random,
                                  const std::vector<std::uint32_t>& list) {
  for (int attempt = 0; attempt < attempts && !list.empty(); ++attempt) {
    const std::uint32_t at = random.pick(list);
    if (is_free(catalogue, claim, at))
      return at;
  }
  return std::nullopt;
}

// Company that stands in no table; false when there is none left.
bool add_harmless(const Catalogue& catalogue, Claim& claim, Random& random,
                  const Prescription& prescription, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const std::optional<std::uint32_t> piece = draw(catalogue, claim, random, catalogue.harmless);
    if (!piece)
      return i > 0;
    add(catalogue, claim, random, prescription, *piece, false);
  }
  return true;
}

} // namespace

void plant_alone(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan) {
  // A prescription with one other piece is paid for.
  if (plan.decoy && !plan.self_paid &&
      !draw(catalogue, claim, random, catalogue.harmless).has_value())
    return;
  const Prescription prescription = open(claim, random);
  const std::int64_t wanted = random.between(1, 3);
  // Of several pieces the patient may have paid one.
  const bool mixed = !plan.decoy && wanted > 1 && random.percent(30);
  std::vector<Line> paid;
  std::int64_t added = 0;
  for (std::int64_t i = 0; i < wanted; ++i) {
    const std::optional<std::uint32_t> piece = draw(catalogue, claim, random, catalogue.alone);
    if (!piece)
      break;
    const bool self_paid = plan.self_paid || (mixed && i == 1);
    const std::uint32_t key = add(catalogue, claim, random, prescription, *piece, self_paid);
    if (!self_paid)
      paid.push_back(line_of(claim, key));
    ++added;
  }
  if (plan.decoy && !plan.self_paid)
    add_harmless(catalogue, claim, random, prescription, random.between(1, 4));
  if (plan.decoy || paid.empty())
    return;
  const std::string_view kind = added == 1           ? "one piece"
                                : mixed && added > 1 ? "one of several self-paid"
                                                     : "several pieces";
  claim.findings.push_back(finding_of(Rule::tcm_alone, prescription.number,
                                      in_order(catalogue, std::move(paid)),
                                      fmt::format("alone/{}", kind)));
}

void plant_piece_pair(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy) {
  if (catalogue.piece_pairs.empty())
    return;
  const PiecePair pair = random.pick(catalogue.piece_pairs);
  if (!is_free(catalogue, claim, pair.first) || !is_free(catalogue, claim, pair.second))
    return;
  const Prescription one = open(claim, random);
  const Prescription other = decoy ? open(claim, random) : one;
  // The company first: a piece of a pair by itself might be one that is not paid alone.
  if (!add_harmless(catalogue, claim, random, one, random.between(1, 4)) ||
      (decoy && !add_harmless(catalogue, claim, random, other, random.between(1, 4))))
    return;
  const std::uint32_t first = add(catalogue, claim, random, one, pair.first, false);
  const std::uint32_t second = add(catalogue, claim, random, other, pair.second, false);
  if (decoy)
    return;
  claim.findings.push_back(finding_of(
      Rule::tcm_pair, first, in_order(catalogue, {line_of(claim, first), line_of(claim, second)}),
      "incompatible/two pieces"));
}

void add_harmless_prescription(const Catalogue& catalogue, Claim& claim, Random& random) {
  const Prescription prescription = open(claim, random);
  if (!add_harmless(catalogue, claim, random, prescription, 1))
    return;
  const std::int64_t more = random.between(2, 8);
  for (std::int64_t i = 0; i < more; ++i) {
    const std::uint32_t piece = catalogue.pieces.draw(random);
    if (is_free(catalogue, claim, piece))
      add(catalogue, claim, random, prescription, piece, false);
  }
}

} // namespace sanku::generate
