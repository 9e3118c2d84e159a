// Refund lines net: each negative line takes back what it refunds, by its link, else by the
// fallback; fully refunded lines leave the list; what cannot be matched stays and makes the
// quantities of its code unknown in that visit, since they are not to be trusted.
//
// A refund line has a negative quantity, or an unknown one and a negative amount; the latter cannot
// be matched. In canonical order, first every refund with a link (role `reverses`): it takes from
// the lines of that number, of these from those of the same goods if there are any. Then what is
// left of each, from lines of the same goods (national code, hospital code and unit price, of which
// a missing one equals a missing one; one of the codes is known), not surely after the refund: same
// prescription first, then the latest, a line of unknown time last. A bare date decides by the day.
// With the quantity goes the refund's own money, in proportion, in every money column of the lines
// that has the scale of the amount but the unit price.
//
// Entry: net_refunds. Tested by tests/unit/runtime/net_test.cpp, by hand-worked tables.
#pragma once

#include "runtime/batch/batch.h"

namespace sanku::assemble {

// In place, before ranking.
void net_refunds(batch::Batch& batch, const schema::Schema& schema,
                 const batch::Dictionaries& dictionaries);

} // namespace sanku::assemble
