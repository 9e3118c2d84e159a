// Overlays as pack files: what they hold, what they are pinned to, and what they are not read on.
#include "tests/unit/tools/overlay_fixture.h"
#include "tools/deploy/difference.h"
#include "tools/pack/delta.h"
#include "tools/pack/pin.h"

namespace sanku::engine {
namespace {

using deploy::codes_of;
using deploy::opened;
using Members = std::map<std::string, std::string, std::less<>>;

const std::vector<std::string> places = {"330100", "330200", "110000", ""};

class OverlayFile : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(packed_.bytes("hangzhou.pack").empty()) << "as far as national, zhejiang";
  }
  // The overlay's file with other facts and members, signed again.
  [[nodiscard]] std::string altered(const std::function<void(std::vector<pack::Fact>&)>& facts,
                                    const std::function<void(Members&)>& members) const {
    const auto good = opened(packed_.bytes("zhejiang.pack"));
    std::vector<pack::Fact> all = good.file->manifest.facts;
    Members texts;
    for (const auto& [name, text] : good.file->members)
      texts.emplace(name, text);
    facts(all);
    members(texts);
    return pack::write(pack::FileKind::pack, std::move(all), texts);
  }
  [[nodiscard]] std::string read(const std::string& name, const std::vector<std::string>& bases,
                                 const std::vector<std::string>& overlays = {}) const {
    return packed_.read(name, bases, overlays);
  }
  void write(const std::string& name, const std::string& text) const {
    packed_.folders.write(name, text);
  }

  Packed packed_;
};

TEST_F(OverlayFile, holds_its_own_sources_and_says_what_it_was_built_on) {
  const auto made = opened(packed_.bytes("zhejiang.pack")),
             below = opened(packed_.bytes("national.pack"));
  ASSERT_TRUE(made.file && below.file);
  std::set<std::string> names;
  for (const auto& [name, text] : made.file->members)
    names.insert(name);
  EXPECT_EQ(names,
            (std::set<std::string>{"knowledge/limit.columns", "knowledge/limit.csv", "pack.toml",
                                   "reports/cost.txt", "reports/coverage.txt",
                                   "reports/mutation.txt", "reports/tests.txt", "zhejiang.sanku"}));
  EXPECT_EQ(*pack::member(*made.file, "pack.toml"),
            "base = \"national.core\"\nbase_versions = \"1\"\nlanguage = \"1\"\nname = "
            "\"zhejiang\"\nversion = \"2\"\n");
  const pack::Digests digests = pack::digests_of(below.file->manifest_text);
  EXPECT_EQ(
      pack::fact(made.file->manifest, "base"),
      fmt::format("national.core 1 {} {}", pack::hex(digests.sha256), pack::hex(digests.sm3)));
  EXPECT_EQ(pack::fact(made.file->manifest, "layer"), "330000");
  // Of its own rules and tests, and of those of others that its tests are about.
  EXPECT_EQ(pack::fact(made.file->manifest, "rules"), "1");
  EXPECT_EQ(pack::fact(made.file->manifest, "tables"), "0");
  EXPECT_EQ(pack::fact(made.file->manifest, "tests"), "2");
  const std::string_view tests = *pack::member(*made.file, "reports/tests.txt");
  EXPECT_NE(tests.find("rule R1 firing 1 clear 1"), tests.npos) << tests;
  EXPECT_NE(tests.find("rule Z1 firing 0"), tests.npos) << tests;
  EXPECT_EQ(tests.find("rule R2"), tests.npos) << tests;
  const std::string_view cost = *pack::member(*made.file, "reports/cost.txt");
  EXPECT_NE(cost.find("rule Z1"), cost.npos) << cost;
  EXPECT_EQ(cost.find("rule R"), cost.npos) << cost;
  const auto city = opened(packed_.bytes("hangzhou.pack"));
  EXPECT_EQ(pack::pin_of(city.file->manifest)->name, "zhejiang");
}

TEST_F(OverlayFile, has_the_same_bytes_wherever_it_and_its_base_lie) {
  const std::string first = packed_.bytes("zhejiang.pack");
  const auto content = [](const std::string& bytes) {
    return std::string(opened(bytes).file->manifest_text);
  };
  EXPECT_EQ(packed_.build("overlays/zhejiang", "again.pack", {"national.pack"}), "");
  EXPECT_EQ(content(packed_.bytes("again.pack")), content(first));
  // Elsewhere, with the base that its pack.toml names, in another order and layout.
  const Folders& folders = packed_.folders;
  folders.write("far/规则/own/knowledge/limit.csv",
                "\xEF\xBB\xBFitem,max\r\n110000000000003,9\r\n");
  std::string text = packed_.bytes("overlays/zhejiang/zhejiang.sanku");
  text.replace(text.find("  param"), 2, "\n      ");
  folders.write("far/规则/own/zhejiang.sanku", text);
  folders.write("far/规则/own/pack.toml", "version = \"2\"\nbase = \"../../signed.pack\" # there\n"
                                          "language = \"1\"\nname = \"zhejiang\"\n");
  folders.write("far/signed.pack", packed_.bytes("national.pack"));
  EXPECT_EQ(packed_.build("far/规则/own", "far.pack"), "");
  EXPECT_EQ(content(packed_.bytes("far.pack")), content(first));
}

TEST_F(OverlayFile, runs_as_its_folder_does_on_what_it_is_pinned_to) {
  const auto folder = ready(packed_.folders.path("overlays/hangzhou"));
  ASSERT_TRUE(folder);
  const auto expect_same = [&](const std::string& place, const std::vector<std::string>& bases,
                               const std::vector<std::string>& overlays) {
    const auto rules = ready(packed_.folders.path(place), {.trust = packed_.trust,
                                                           .bases = packed_.paths(bases),
                                                           .overlays = packed_.paths(overlays),
                                                           .region = "330100"});
    ASSERT_TRUE(rules);
    EXPECT_EQ(rules->layers.size(), 3u);
    EXPECT_EQ(outcomes(*rules, places), outcomes(*folder, places)) << place;
    const EffectiveOptions options{.region = "330100", .date = Date{20500}, .rows = "limit"};
    EXPECT_NE(effective(*rules, options).value().find("30天"), std::string::npos)
        << "what the city's manifest decides travels with it";
    // But for the first line, which says what was named.
    const std::string one = effective(*rules, options).value(),
                      other = effective(*folder, options).value();
    EXPECT_EQ(one.substr(one.find('\n')), other.substr(other.find('\n')));
  };
  expect_same("hangzhou.pack", {"zhejiang.pack", "national.pack"}, {});
  expect_same("hangzhou.pack", {"national.pack", "zhejiang.pack"}, {});
  expect_same("national.pack", {}, {"zhejiang.pack", "hangzhou.pack"});
  expect_same("overlays/hangzhou", {"zhejiang.pack", "national.pack"}, {});
  const auto zhejiang = ready(packed_.folders.path("zhejiang.pack"),
                              {.trust = packed_.trust, .bases = packed_.paths({"national.pack"})});
  ASSERT_TRUE(zhejiang);
  EXPECT_EQ(label(*zhejiang), "zhejiang 2");
  const auto tests = run_tests(*zhejiang, {}, {});
  ASSERT_TRUE(tests);
  EXPECT_EQ(tests->results.size(), 2u);
  for (const TestResult& each : tests->results)
    EXPECT_TRUE(each.failures.empty());
}

TEST_F(OverlayFile, is_read_on_nothing_else) {
  EXPECT_EQ(read("zhejiang.pack", {"national.pack"}), "");
  EXPECT_EQ(read("zhejiang.pack", {}), "SK6115");
  EXPECT_EQ(read("zhejiang.pack", {"hangzhou.pack"}), "SK6115") << "that is another";
  EXPECT_EQ(read("zhejiang.pack", {"national"}), "SK6114") << "a folder has no digest";
  EXPECT_EQ(read("hangzhou.pack", {"zhejiang.pack"}), "SK6115") << "and below that";
  EXPECT_EQ(read("national.pack", {}, {"hangzhou.pack"}), "SK6115");
  EXPECT_EQ(read("national", {}, {"zhejiang.pack"}), "SK6114");
  // Another content of the same version, and another version.
  const Folders& folders = packed_.folders;
  folders.write("national/knowledge/limit.csv", "item,max\n110000000000001,4\n110000000000002,5\n");
  EXPECT_EQ(packed_.build("national", "same.pack"), "");
  EXPECT_EQ(read("zhejiang.pack", {"same.pack"}), "SK6117");
  EXPECT_EQ(read("zhejiang.pack", {"same.pack", "national.pack"}), "") << "what is meant is there";
  EXPECT_EQ(read("same.pack", {}, {"zhejiang.pack"}), "SK6117");
  folders.write("national/pack.toml", "name = \"national.core\"\nversion = \"1.1\"\nlanguage = "
                                      "\"1\"\nschema = \"../schema.sanku\"\n");
  EXPECT_EQ(packed_.build("national", "next.pack"), "");
  EXPECT_EQ(read("zhejiang.pack", {"next.pack"}), "SK6116");
  // Base and overlay are both verified.
  std::string damaged = packed_.bytes("national.pack");
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  folders.write("damaged.pack", damaged);
  EXPECT_EQ(read("zhejiang.pack", {"damaged.pack"}), "SK6106");
  const auto unsigned_base =
      pack::with_signatures(*opened(packed_.bytes("national.pack")).file, {});
  folders.write("unsigned.pack", unsigned_base);
  EXPECT_EQ(read("zhejiang.pack", {"unsigned.pack"}), "SK6201 SK6201 SK6207 SK6207");
  folders.write("unsigned.pack",
                pack::with_signatures(*opened(packed_.bytes("zhejiang.pack")).file, {}));
  EXPECT_EQ(read("unsigned.pack", {"national.pack"}), "SK6201 SK6201 SK6207 SK6207");
}

// What a signature is added to stays what it is.
TEST_F(OverlayFile, is_pinned_to_the_content_and_not_to_who_signed_it) {
  const auto base = opened(packed_.bytes("national.pack"));
  const std::string again =
      deploy::signed_by(packed_.bytes("national.pack"),
                        {{"author", &packed_.keys.author}, {"reviewer", &packed_.keys.reviewer}},
                        {deploy::noon.seconds - 60});
  EXPECT_NE(again, packed_.bytes("national.pack"));
  write("later.pack", again);
  EXPECT_EQ(read("zhejiang.pack", {"later.pack"}), "");
}

TEST_F(OverlayFile, is_built_on_a_pack_file_of_the_versions_that_it_is_meant_for) {
  EXPECT_EQ(packed_.build("overlays/zhejiang", "none.pack"), "SK6114") << "its base is a folder";
  const auto with = [&](const std::string& more) {
    write("overlays/zhejiang/pack.toml", "name = \"zhejiang\"\nversion = \"2\"\nlanguage = \"1\"\n"
                                         "base = \"../../national\"\n" +
                                             more);
    return packed_.build("overlays/zhejiang", "ranged.pack", {"national.pack"});
  };
  EXPECT_EQ(with("base_versions = \"1..1.9\"\n"), "");
  const auto made = opened(packed_.bytes("ranged.pack"));
  EXPECT_TRUE(pack::fact(made.file->manifest, "base").starts_with("national.core 1..1.9 "));
  EXPECT_EQ(read("ranged.pack", {"national.pack"}), "");
  EXPECT_EQ(with("base_versions = \"0.9..\"\n"), "");
  EXPECT_EQ(with("base_versions = \"1.1..2\"\n"), "SK6116");
  EXPECT_EQ(read("overlays/zhejiang", {}), "SK6116") << "its folder on a folder as well";
  for (const char* wrong : {"\"\"", "1", "\"2..1\"", "\"1..1\"", "\"..2\"", "\"1 2\"", "\"1...2\""})
    EXPECT_EQ(with(fmt::format("base_versions = {}\n", wrong)), "SK1204") << wrong;
}

TEST(Pin, versions_have_one_form) {
  for (const char* text : {"1", "2026.11", "2026.11..2026.12", "2026.9..2026.11", "1.."}) {
    const auto versions = pack::parse_versions(text);
    ASSERT_TRUE(versions) << text;
    EXPECT_EQ(pack::versions_text(*versions), text);
  }
  const auto range = pack::parse_versions("2026.9..2026.11");
  for (const char* in : {"2026.9", "2026.10", "2026.11"})
    EXPECT_TRUE(pack::has_version(*range, in)) << in;
  for (const char* out : {"2026.8", "2026.12", "2026.11.1", "2025"})
    EXPECT_FALSE(pack::has_version(*range, out)) << out;
  EXPECT_TRUE(pack::has_version(*pack::parse_versions("1.."), "7"));
  EXPECT_FALSE(pack::has_version(*pack::parse_versions("1.."), "0.9"));
}

TEST_F(OverlayFile, every_flipped_bit_and_every_other_length_is_refused) {
  const std::string bytes = packed_.bytes("zhejiang.pack");
  const pack::TrustRoot root = packed_.keys.trust();
  ASSERT_TRUE(opened(bytes, &root).file);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    EXPECT_FALSE(opened(std::move(damaged), &root).file) << at;
    const std::string codes = opened(bytes.substr(0, at), &root).codes();
    EXPECT_TRUE(codes == "SK6101" || codes == "SK6102" || codes == "SK6103") << at << codes;
  }
}

TEST_F(OverlayFile, says_what_it_lies_on_in_one_form_and_once) {
  const auto same = [](auto&) {};
  const auto base = [](std::string value) {
    return [value = std::move(value)](std::vector<pack::Fact>& facts) {
      std::ranges::find(facts, "base", &pack::Fact::key)->value = value;
    };
  };
  const std::string digest(64, 'a'), pin = "national.core 1 " + digest + " " + digest;
  EXPECT_EQ(opened(altered(base(pin), same)).codes(), "");
  for (const std::string& wrong :
       {std::string("national.core"), "national.core 1 " + digest, pin + " x",
        "national.core  1 " + digest + " " + digest, "national.core 1.. .2 " + digest,
        "national.core 2..1 " + digest + " " + digest,
        "national.core 1 " + digest + " " + "A" + std::string(63, 'a')})
    EXPECT_EQ(opened(altered(base(wrong), same)).codes(), "SK6103") << wrong;
  // What people read before they sign is what pack.toml says.
  const auto load = [&](const std::string& bytes) {
    write("altered.pack", deploy::signed_by_both(bytes, packed_.keys));
    return read("altered.pack", {"national.pack"});
  };
  EXPECT_EQ(load(altered(base("other 1 " + digest + " " + digest), same)), "SK6113");
  EXPECT_EQ(load(altered(base("national.core 1..2 " + digest + " " + digest), same)), "SK6113");
  EXPECT_EQ(load(altered(base(pin), same)), "SK6117") << "of another content";
  EXPECT_EQ(load(altered(
                [](std::vector<pack::Fact>& facts) {
                  std::erase_if(facts, [](const auto& fact) { return fact.key == "base"; });
                },
                same)),
            "SK6113");
  const std::string toml = "language = \"1\"\nname = \"zhejiang\"\nschema = "
                           "\"zhejiang.sanku\"\nversion = \"2\"\n";
  EXPECT_EQ(load(altered(same, [&](Members& members) { members["pack.toml"] = toml; })), "SK6113")
      << "its pack.toml says that it lies on nothing";
}

TEST_F(OverlayFile, is_sent_as_a_delta_and_told_apart_like_any_pack) {
  std::string text = packed_.bytes("overlays/zhejiang/zhejiang.sanku");
  text.replace(text.find("quantity > 100"), 14, "quantity > 200");
  text.replace(text.find("param most = 5"), 14, "param most = 4");
  write("overlays/zhejiang/zhejiang.sanku", text);
  write("overlays/zhejiang/pack.toml", "name = \"zhejiang\"\nversion = \"3\"\nlanguage = \"1\"\n"
                                       "base = \"../../national\"\n");
  ASSERT_EQ(packed_.build("overlays/zhejiang", "next.pack", {"national.pack"}), "");
  const auto one = opened(packed_.bytes("zhejiang.pack")), two = opened(packed_.bytes("next.pack"));
  const std::string told = deploy::difference(*one.file, *two.file, Language::en);
  for (const char* line :
       {"~ manifest version  2 → 3\n", "~ rule Z1  zhejiang.sanku\n",
        "+ change param most = 4  zhejiang.sanku\n", "- change param most = 5  zhejiang.sanku\n"})
    EXPECT_NE(told.find(line), std::string::npos) << line << told;
  EXPECT_EQ(told.find("disable"), std::string::npos) << told;
  EXPECT_NE(deploy::difference(*one.file, *two.file, Language::zh).find("+ 地方化 param most = 4"),
            std::string::npos);
  diag::Diagnostics diagnostics;
  const auto delta = opened(pack::make_delta(*one.file, *two.file));
  EXPECT_EQ(pack::apply_delta(*one.file, *delta.file, {}, diagnostics), packed_.bytes("next.pack"));
}

TEST_F(OverlayFile, names_no_person_either) {
  write("overlays/zhejiang/more.sanku",
        "test \"电话\" of R1 { given { items [ { name: \"13812345678\", quantity: 1 } ] } "
        "expect R1 clear }\n");
  EXPECT_EQ(packed_.build("overlays/zhejiang", "never.pack", {"national.pack"}), "SK6401");
}

} // namespace
} // namespace sanku::engine
