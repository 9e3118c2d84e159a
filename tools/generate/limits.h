// What the rules about single items say: for each, which items it restricts and when a line breaks
// it. A further rule of this shape is one row of `item_limits`, its column in Item, and its name in
// rule.h. Entries: item_limits, broken_by, asks. Tested by tests/unit/tools/generate_test.cpp
// against the independent judge.
#pragma once

#include "tools/generate/claim.h"

#include <vector>

namespace sanku::generate {

struct ItemLimit {
  Rule rule;
  bool payment; // says nothing of a line that the patient paid for
  bool (*restricts)(const Item& item);
  bool (*broken)(const Item& item, const Claim& claim, Day day); // of an item that it restricts
};
extern const ItemLimit item_limits[item_rules];

// The rules that a line of the item on that day breaks, in the order of Rule.
std::vector<Rule> broken_by(const Item& item, const Claim& claim, Day day, bool self_paid);

// Whether the rule, broken by such a line, asks (suspected) rather than refuses (violation).
bool asks(Rule rule, const Item& item, const Claim& claim, Day day);

// Whether the visit is one of a mother by its insurance or its kind; her diagnoses are drawn later,
// and then none of a birth beside a finding that it would soften (compose.cpp).
bool may_be_the_childs(const Claim& claim, Day day);

// Whether a line of the item on that day breaks none.
bool keeps_limits(const Item& item, const Claim& claim, Day day);

} // namespace sanku::generate
