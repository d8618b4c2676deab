using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Texts that differ only in their spelling match each other. Answers contain them as they were received.</summary>
public sealed class NormalFormSearchTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private TestDatabase Rows => database.Rows;

    /// <summary>Stored text and query.</summary>
    public static TheoryData<string, string> Pairs() => new()
    {
        { "Das Cafe\u0301 öffnet um acht", "café öffnet" },
        { "Das Büro schließt um fünf", "bu\u0308ro" },
        { "Die STRASSE ist gesperrt", "straße" },
        { "ＨＥＬＬＯ　ＷＯＲＬＤ", "hello world" },
        { "ﾊﾞｽが来た", "バス" },
        { "Ο ΔΡΟΜΟΣ ΜΑΣ", "δρομος" },
        { "a co\u00ADopera\u00ADtive bank", "cooperative" },
        { "It’s five o’clock", "it's five o'clock" },
        { "İSTANBUL çok güzel", "istanbul" },
        { "Işık hızı", "IŞIK" },
        { "今日はいい天気ですね", "天気" },
        { "人人生而自由，在尊严和权利上一律平等", "权利" },
        { "ยินดีต้อนรับ", "ต้อนรับ" },
        { "저는 학교에서 공부합니다", "학교" },
        { "저는 \u1112\u1161\u11A8\u1100\u116D에서", "학교" },
        { "新しいiPhoneを買った", "iphone" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Speech_is_found_in_all_equivalent_spellings(string said, string query)
    {
        var index = await IndexAsync(TextSource.Speech, said);
        foreach (var matching in Enum.GetValues<ConversationMatching>())
        {
            var found = await FindAsync(index, new TextQuery(query, [IndexOptions.Conversation], matching));
            Assert.True(found.Count == 1 && found[0].Start == 3, $"{matching}: {found.Count} clips");
            Assert.Equal(said, found[0].Matches[0].Text);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Screen_text_is_found_in_all_equivalent_spellings(string shown, string query)
    {
        var index = await IndexAsync(TextSource.Screen, shown);
        var clip = Assert.Single(await FindAsync(index, new TextQuery(query, [IndexOptions.TextInVideo])));
        Assert.Equal((3, FixedScores.Exact, shown), (clip.Start, clip.Score, clip.Matches[0].Text));
    }

    [Theory]
    [InlineData("ＮＩＫＥ")]
    [InlineData("Ni\u00ADke")]
    public async Task Brand_names_are_found_in_all_equivalent_spellings(string shown)
        => Assert.Equal(3,
            Assert.Single(await FindAsync(await IndexAsync(TextSource.Screen, shown), new TextQuery("nike", [IndexOptions.Logo]))).Start);

    [Theory]
    [InlineData("今日はいい天気", "気天")]
    [InlineData("今日はいい天気", "天空")]
    [InlineData("Die Straßenbahn kommt", "straße")]
    [InlineData("the carpet", "car")]
    public async Task Other_words_are_not_found_by_an_exact_search(string said, string query)
        => Assert.Empty(await FindAsync(await IndexAsync(TextSource.Speech, said),
            new TextQuery(query, [IndexOptions.Conversation], ConversationMatching.ExactMatch)));

    [Fact]
    public async Task An_exact_search_finds_text_without_spaces_across_segments()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "今日はいい天"), (2, 4, "気ですね"));
        var clip = Assert.Single(
            await FindAsync(index, new TextQuery("いい天気", [IndexOptions.Conversation], ConversationMatching.ExactMatch)));
        Assert.Equal((0, 4), (clip.Start, clip.End));
    }

    [Theory]
    [InlineData("title", "cafe\u0301 ouvert")]
    [InlineData("title", "CAFÉ OUVERT")]
    [InlineData("filename", "büro.mp4")]
    [InlineData("place", "don't panic")]
    [InlineData("gro\u0308ße", "xl")]
    public async Task A_filter_accepts_all_equivalent_spellings_of_a_value(string field, string value)
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index, row => (row.Title, row.Filename) = ("Café ouvert", "Bu\u0308ro.mp4"),
            """{"place":"Don’t panic","größe":"ＸＬ"}""");
        foreach (var one in new[] { video, await Rows.AddVideoAsync(index) })
            await Rows.AddTextAsync(one, TextSource.Speech, (3, 4, "hello"));
        await using var db = Rows.Open();
        var clip = Assert.Single(await db.Search().FindAsync(new SearchQuery(index.Id, new TextQuery("hello", [IndexOptions.Conversation]),
            Filter: new VideoFilter([new FieldEquals(field, value)])), CancellationToken.None));
        Assert.Equal(video.Id, clip.VideoId);
        var row = await db.Videos.SingleAsync(one => one.Id == video.Id);
        Assert.Equal("Bu\u0308ro.mp4", row.Filename);
        Assert.Equal("ＸＬ", row.CustomMetadata!.RootElement.GetProperty("größe").GetString());
    }

    private async Task<VideoIndex> IndexAsync(TextSource source, string text)
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), source, (0, 2, "Nothing"), (3, 4, text), (5, 6, "什么都没有 nichts"));
        return index;
    }

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(VideoIndex index, TextQuery query)
    {
        await using var db = Rows.Open();
        return await db.Search().FindAsync(new SearchQuery(index.Id, query), CancellationToken.None);
    }
}
