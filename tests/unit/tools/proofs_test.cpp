// Proofs in pack files: what a pack says of them is what a policy asks for, and what an installing
// machine finds again.
#include "tests/unit/tools/overlay_fixture.h"
#include "tools/deploy/difference.h"
#include "tools/deploy/install.h"
#include "tools/deploy/proofs.h"

namespace sanku::deploy {
namespace {

using Kind = pack::Demand::Kind;
using Members = std::map<std::string, std::string, std::less<>>;

// Says that it fires, and no claim makes it.
constexpr const char* never = "rule R2 \"从不\" { category policy basis law on item "
                              "when item.quantity > 5 and item.quantity < 3 report violation "
                              "\"x\" }\n";
// Says what R1 says, on lines without a limit.
constexpr const char* fires = "rule R2 \"大量\" { category policy basis law on item "
                              "when item.quantity > 500 report violation \"x\" }\n";

// The small pack with one more rule.
struct Small : PackFolder {
  explicit Small(const char* more) {
    write_small(*this);
    std::ofstream(path("rules.sanku"), std::ios::app) << more;
  }
};

std::string proven(const PackFolder& folder) {
  auto made = build(folder.path(), {.prove = true});
  EXPECT_TRUE(made && !made->bytes.empty());
  return made ? std::move(made->bytes) : std::string();
}

Members members_of(const Opened& made) {
  Members members;
  for (const auto& [name, text] : made.file->members)
    members.emplace(name, text);
  return members;
}

pack::TrustRoot wanting(const Keys& keys, Kind kind, const std::string& one) {
  pack::TrustRoot root = keys.trust();
  root.policy.push_back({.kind = kind, .one = one, .other = {}});
  pack::sign_root(root, keys.root);
  return root;
}

TEST(Proofs, are_the_same_bytes_from_the_same_sources) {
  const Small one(never), other(never);
  const std::string bytes = proven(one);
  EXPECT_EQ(bytes, proven(other));
  const Opened made = opened(bytes);
  ASSERT_TRUE(made.file);
  EXPECT_EQ(pack::fact(made.file->manifest, "conflicts"), "1");
  EXPECT_EQ(pack::fact(made.file->manifest, "unknown"), "0");
  const auto report = pack::read_proofs(*pack::member(*made.file, pack::proofs_report));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->claims.size(), 1u);
  EXPECT_EQ(pack::line_text(report->claims.front()), "proved R2 never_fires");
  EXPECT_EQ(opened(built(one)).file->manifest.members.size() + 1,
            made.file->manifest.members.size())
      << "it is there where it is wanted";
}

TEST(Proofs, meet_a_policy_or_are_refused_with_a_reason) {
  const Keys keys;
  const std::string open = signed_by_both(proven(Small(never)), keys),
                    clean = signed_by_both(proven(Small(fires)), keys),
                    without = signed_by_both(built(Small(fires)), keys);
  const auto verdict = [&](const std::string& bytes, Kind kind, const std::string& one) {
    const pack::TrustRoot root = wanting(keys, kind, one);
    diag::Diagnostics diagnostics;
    EXPECT_TRUE(pack::read_root(pack::root_text(root), {}, diagnostics));
    return opened(bytes, &root).codes();
  };
  EXPECT_EQ(verdict(open, Kind::conflicts, "0"), "SK6207");
  EXPECT_EQ(verdict(open, Kind::conflicts, "1"), "");
  EXPECT_EQ(verdict(clean, Kind::conflicts, "0"), "");
  EXPECT_EQ(verdict(clean, Kind::unknown, "0"), "");
  EXPECT_EQ(verdict(clean, Kind::report, "proofs"), "");
  for (const Kind kind : {Kind::conflicts, Kind::unknown})
    EXPECT_EQ(verdict(without, kind, "1000"), "SK6207") << "no report, no figure";
  EXPECT_EQ(verdict(without, Kind::report, "proofs"), "SK6207");
  const pack::TrustRoot root = wanting(keys, Kind::conflicts, "0");
  const Opened told = opened(open, &root);
  EXPECT_NE(
      told.diagnostics.all.front().en.find("at most 0 conflicts of rules, and the pack has 1"),
      std::string::npos)
      << told.diagnostics.all.front().en;
}

class InstallProofs : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_TRUE(pack::make_store(disk(), key_, wanting(keys_, Kind::conflicts, "0"), noon));
  }
  [[nodiscard]] pack::Disk disk() const { return pack::real_disk(folder_.path("store")); }
  std::string install(const std::string& bytes) {
    Told told;
    std::vector<Coming> coming;
    coming.push_back({.bytes = signed_by_both(bytes, keys_), .place = "small.pack"});
    const auto done =
        deploy::install({.disk = disk(), .key = key_, .now = noon}, std::move(coming), told);
    EXPECT_TRUE(done);
    return codes_of(told.diagnostics);
  }
  // The pack with another report, and with figures that fit it.
  std::string with_report(const Opened& made, const std::string& text) {
    Members members = members_of(made);
    members[pack::proofs_report] = text;
    std::vector<pack::Fact> facts = made.file->manifest.facts;
    if (const auto read = pack::read_proofs(text)) {
      std::ranges::find(facts, "conflicts", &pack::Fact::key)->value =
          fmt::format("{}", read->conflicts());
      std::ranges::find(facts, "unknown", &pack::Fact::key)->value =
          fmt::format("{}", read->unknown());
    }
    return install(pack::write(pack::FileKind::pack, std::move(facts), members));
  }
  // The report with one more claim, in its place.
  static std::string with(const std::string& report, const std::string& line) {
    auto read = pack::read_proofs(report);
    const auto more = pack::read_proofs(report.substr(0, report.find('\n')) +
                                        "\nclaims lines 3 visits 2\nsteps 5000000\n" + line);
    EXPECT_TRUE(read && more) << line;
    read->claims.push_back(more->claims.front());
    return pack::proofs_text(*read);
  }

  PackFolder folder_;
  Keys keys_;
  pack::PrivateKey key_ = pack::make_key(pack::Algorithm::ed25519);
};

TEST_F(InstallProofs, what_they_claim_is_asked_again) {
  const Opened open = opened(proven(Small(never))), clean = opened(proven(Small(fires)));
  const std::string honest(*pack::member(*open.file, pack::proofs_report)),
      nothing(*pack::member(*clean.file, pack::proofs_report));
  EXPECT_EQ(install(*open.file->bytes), "SK6207") << "a conflict that it tells of";
  EXPECT_EQ(with_report(open, nothing), "SK6306") << "a conflict that it hides";
  EXPECT_EQ(with_report(open, with(nothing, "bounded R2 never_fires lines 3 visits 1\n")), "SK6306")
      << "called less than it is";
  EXPECT_EQ(with_report(open, with(nothing, "unknown R2 never_fires because effort\n")), "SK6306")
      << "called unknown";
  EXPECT_EQ(with_report(clean, with(nothing, "bounded R1 never_fires lines 3 visits 1\n")),
            "SK6306")
      << "claimed of a rule that fires";
  EXPECT_EQ(with_report(clean, with(nothing, "shown R1 overlap with R9\n")), "SK6306")
      << "of a rule that is not there";
  Members members = members_of(clean);
  members[pack::proofs_report] = honest;
  EXPECT_EQ(install(pack::write(pack::FileKind::pack, clean.file->manifest.facts, members)),
            "SK6306")
      << "the manifest says less than the report";
  std::string weaker = nothing;
  weaker.replace(weaker.find("steps 5000000"), 13, "steps 1");
  EXPECT_EQ(with_report(clean, weaker), "SK6306") << "it did not look as far as it should";
  // Another version of the solver may answer more or less; what it proves holds for all.
  std::string other = nothing;
  other.replace(other.find("solver z3"), 9, "solver zz");
  EXPECT_EQ(with_report(open, other), "SK6306");
  EXPECT_EQ(with_report(clean, other), "");
}

TEST_F(InstallProofs, a_report_in_another_form_is_refused) {
  const Opened clean = opened(proven(Small(fires)));
  const std::string text(*pack::member(*clean.file, pack::proofs_report));
  EXPECT_EQ(with_report(clean, text + "\n"), "SK6112");
  EXPECT_EQ(with_report(clean, "proved R2 never_fires\n"), "SK6112");
  Members members = members_of(clean);
  members.erase(pack::proofs_report);
  EXPECT_EQ(install(pack::write(pack::FileKind::pack, clean.file->manifest.facts, members)),
            "SK6110 SK6110")
      << "figures of a report that is not there";
  std::vector<pack::Fact> facts = clean.file->manifest.facts;
  std::erase_if(facts, [](const pack::Fact& each) { return each.key == "unknown"; });
  EXPECT_EQ(install(pack::write(pack::FileKind::pack, facts, members_of(clean))), "SK6306");
  EXPECT_EQ(install(built(Small(fires))), "SK6207") << "no report at all";
  EXPECT_EQ(install(*clean.file->bytes), "");
}

TEST(Proofs, that_only_time_would_end_are_refused_with_a_reason) {
  diag::Diagnostics diagnostics;
  tell_time({}, diagnostics);
  EXPECT_EQ(codes_of(diagnostics), "SK6311");
}

TEST(Proofs, that_differ_are_told_in_words) {
  const Opened before = opened(proven(Small(fires))), after = opened(proven(Small(never)));
  const std::string zh = difference(*before.file, *after.file, Language::zh),
                    en = difference(*before.file, *after.file, Language::en);
  EXPECT_NE(zh.find("+ 证明 R2：永远不会触发（已证明）"), std::string::npos) << zh;
  EXPECT_NE(en.find("+ proof R2 can never fire (proved)"), std::string::npos) << en;
  EXPECT_NE(en.find("conflicts  0 → 1"), std::string::npos) << en;
  EXPECT_NE(difference(*after.file, *before.file, Language::en).find("- proof R2 can never fire"),
            std::string::npos);
}

// An overlay may not loosen what is mandatory; its parameter does.
TEST(Proofs, of_an_overlay_say_what_it_loosens) {
  const engine::Folders folders;
  folders.write("national/rules.sanku",
                "param most / 上限 = 10 between 2 and 20\n"
                "knowledge limit / 限量 from \"limit.csv\" { item : ServiceCode key  max : int }\n"
                "rule R1 \"上限\" { mandatory on item  when item.quantity > most  report violation "
                "\"{most}\" }\n"
                "rule R2 \"限量\" { on item  let row = limit[item.code]  when item.quantity > "
                "row.max\n  report violation \"{row.max}\" }\n");
  folders.write("overlays/zhejiang/zhejiang.sanku",
                "overlay zhejiang on national.core region \"330000\" {\n"
                "  param most = 15\n"
                "  rule Z1 \"本地\" { on item  when item.quantity > 100  report reminder \"多\" }\n"
                "}\n");
  const Keys keys;
  folders.write("trust", pack::root_text(keys.trust()));
  const auto national = build(folders.path("national"), {});
  ASSERT_TRUE(national);
  folders.write("national.pack", signed_by_both(national->bytes, keys));
  const auto built_on = build(folders.path("overlays/zhejiang"),
                              {.trust = {.root = folders.path("trust"), .now = noon},
                               .bases = {folders.path("national.pack")},
                               .prove = true});
  ASSERT_TRUE(built_on && !built_on->bytes.empty())
      << (built_on ? engine::shown(*built_on->rules) : built_on.error().en);
  ASSERT_TRUE(built_on->proofs);
  const std::string text = pack::proofs_text(*built_on->proofs);
  EXPECT_NE(text.find("shown R1 loosened\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("R2"), std::string::npos) << "what lies below has a report of its own";
  EXPECT_EQ(built_on->proofs->conflicts(), 1u);
  // Where it is installed it is compared with what lies below it there.
  const auto install = [&](const std::string& overlay) {
    const PackFolder folder;
    const pack::Disk disk = pack::real_disk(folder.path("store"));
    const pack::PrivateKey key = pack::make_key(pack::Algorithm::ed25519);
    EXPECT_TRUE(pack::make_store(disk, key, keys.trust(), noon));
    Told told;
    std::vector<Coming> coming;
    coming.push_back({.bytes = signed_by_both(national->bytes, keys), .place = "national.pack"});
    coming.push_back({.bytes = signed_by_both(overlay, keys), .place = "zhejiang.pack"});
    EXPECT_TRUE(deploy::install({.disk = disk, .key = key, .now = noon}, std::move(coming), told));
    return codes_of(told.diagnostics);
  };
  EXPECT_EQ(install(built_on->bytes), "");
  const Opened made = opened(built_on->bytes);
  Members members = members_of(made);
  std::string& report = members[pack::proofs_report];
  report.erase(report.find("shown R1 loosened\n"), 18);
  std::vector<pack::Fact> facts = made.file->manifest.facts;
  std::ranges::find(facts, "conflicts", &pack::Fact::key)->value = "0";
  EXPECT_EQ(install(pack::write(pack::FileKind::pack, facts, members)), "SK6306")
      << "it hides what it loosens";
}

} // namespace
} // namespace sanku::deploy
