using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.IntegrationTests.Search;

public sealed class TextSearchTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private TestDatabase Rows => database.Rows;

    [Theory]
    [InlineData("berth four", 2.5, 4.1)]
    [InlineData("BERTH, four!", 2.5, 4.1)]
    [InlineData("is leaving berth", 0, 4.1)]
    [InlineData("dont stop", 9, 12)]
    public async Task An_exact_search_finds_the_exact_words_also_across_segments(string text, double start, double end)
    {
        var (index, video) = await SpeechAsync();

        var clip = Assert.Single(await FindAsync(index, new TextQuery(text, [IndexOptions.Conversation], ConversationMatching.ExactMatch)));

        Assert.Equal((video.Id, start, end, FixedScores.Exact), (clip.VideoId, clip.Start, clip.End, clip.Score));
        Assert.Contains("conversation", clip.Matches[0].Option);
    }

    [Theory]
    [InlineData("four berth")]
    [InlineData("leav")]
    [InlineData("!")]
    public async Task An_exact_search_finds_nothing_else(string text)
    {
        var (index, _) = await SpeechAsync();
        Assert.Empty(await FindAsync(index, new TextQuery(text, [IndexOptions.Conversation], ConversationMatching.ExactMatch)));
    }

    [Theory]
    [InlineData("is leaving berth four", FixedScores.SpokenPhrase, 0)]
    [InlineData("tug", FixedScores.SpokenWord, 0)]
    [InlineData("berths", FixedScores.SpokenWords, 2.5)]
    [InlineData("stopping whatever", 0, 9)]
    public async Task A_semantic_search_finds_spoken_words(string text, double score, double start)
    {
        var (index, _) = await SpeechAsync();
        var clips = await FindAsync(index, new TextQuery(text, [IndexOptions.Conversation]), MatchLevel.None);
        Assert.Equal((start, score), (clips[0].Start, clips[0].Score));
    }

    [Theory]
    [InlineData("car", "She cares for the carpet.")]
    [InlineData("port", "The report is important.")]
    public async Task A_word_does_not_match_the_beginning_of_a_longer_word(string text, string said)
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, said));
        Assert.DoesNotContain(await FindAsync(index, new TextQuery(text, [IndexOptions.Conversation]), MatchLevel.None),
            clip => clip.Score >= FixedScores.SpokenWords);
    }

    [Theory]
    [InlineData("Haus", 0)]
    [InlineData("Fenstern", 3)]
    [InlineData("chevaux", 6)]
    [InlineData("houses", 9)]
    public async Task Words_match_their_inflected_forms_in_the_language_of_the_segment(string text, double start)
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddTextAsync(video, TextSource.Speech, "de", (0, 2, "Die Häuser am Hafen"), (3, 5, "ein großes Fenster"));
        await Rows.AddTextAsync(video, TextSource.Speech, "fr", (6, 8, "un cheval blanc"));
        await Rows.AddTextAsync(video, TextSource.Speech, "en", (9, 11, "my house, my rules"));
        // A language without stemming rules keeps its words.
        await Rows.AddTextAsync(video, TextSource.Speech, "xx", (12, 14, "haus-boot"));

        var best = await FindAsync(index, new TextQuery(text, [IndexOptions.Conversation]), MatchLevel.None);

        Assert.Equal(start, best.First(clip => clip.Score == FixedScores.SpokenWords).Start);
    }

    [Fact]
    public async Task Words_are_found_through_the_index_of_stems()
    {
        await using var db = Rows.Open();
        // The sequential scan is disabled and the other indexes are dropped. The planner then uses this index if its expression matches.
        var plan = await db.PlanAsync(
            ClipQueries.SegmentsByWords(new SearchScope("index", VideoFilter.None), "speech", new float[ColourVectors.Dimensions], ["tug"],
                10),
            "SET LOCAL enable_seqscan = off; DROP INDEX ix_text_segments_index_id_source_video_id, ix_text_segments_index_id_language, "
                + "ix_text_segments_video_id_source_number");
        Assert.Contains("ix_text_segments_stems", plan);
    }

    [Theory]
    [InlineData("tug leaving")]
    [InlineData("буксир уходит")]
    [InlineData("欢迎光临本店")]
    public async Task Phrases_are_found_through_the_trigram_index(string text)
    {
        await using var db = Rows.Open();
        var plan = await db.PlanAsync(
            PhraseQueries.TextAround(new SearchScope("index", VideoFilter.None), "speech", PlainWords.Of(text), 1),
            "SET LOCAL enable_seqscan = off; DROP INDEX ix_text_segments_index_id_source_video_id, ix_text_segments_index_id_language, "
                + "ix_text_segments_video_id_source_number");
        Assert.Contains("ix_text_segments_words_trigrams", plan);
    }

    [Fact]
    public async Task Similar_letters_are_found_through_the_trigram_index()
    {
        await using var db = Rows.Open();
        var plan = await db.PlanAsync(
            ClipQueries.SegmentsByLetters(new SearchScope("index", VideoFilter.None), "screen", new float[ColourVectors.Dimensions],
                "harbour", 10),
            "SET LOCAL enable_seqscan = off; DROP INDEX ix_text_segments_index_id_source_video_id, ix_text_segments_index_id_language, "
                + "ix_text_segments_video_id_source_number");
        Assert.Contains("ix_text_segments_words_trigrams", plan);
    }

    [Fact]
    public async Task Segments_of_one_source_are_counted_through_an_index()
    {
        await using var db = Rows.Open();
        Assert.Contains("ix_text_segments_index_id_source_video_id", await db.PlanAsync(
            SizeQueries.CountUpTo(SearchTable.Segments, new SearchScope("index", VideoFilter.None), 50_001, "screen"),
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; DROP INDEX ix_text_segments_index_id_language"));
    }

    [Theory]
    [InlineData("БУКСИР уходит", "Буксир уходит от причала")]
    [InlineData("光临本店", "欢迎。光临本店！")]
    [InlineData("o'clock sharp", "Five o’clock, sharp.")]
    [InlineData("go on", "Go on")]
    [InlineData("élan vital", "ÉLAN VITAL")]
    public async Task An_exact_search_supports_other_scripts_and_ignores_case(string text, string said)
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "Nothing"), (3, 4, said));
        Assert.Equal(3,
            Assert.Single(await FindAsync(index, new TextQuery(text, [IndexOptions.Conversation], ConversationMatching.ExactMatch))).Start);
    }

    [Fact]
    public async Task An_exact_search_ignores_symbols_between_segments_but_not_other_words()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "The tug is"), (2, 3, "♪"), (3, 5, "leaving."));
        // The second word would follow the first one only if the unrelated segments between them were ignored.
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech,
            [(0, 2, "leaving tug is"), .. Enumerable.Range(1, 12).Select(at => (at * 3.0, at * 3.0 + 2, "nothing at all")),
                (50, 52, "leaving tug is not")]);

        var clip = Assert.Single(
            await FindAsync(index, new TextQuery("is leaving", [IndexOptions.Conversation], ConversationMatching.ExactMatch)));

        Assert.Equal((0, 5), (clip.Start, clip.End));
    }

    [Fact]
    public async Task Segments_below_the_minimum_trigram_similarity_are_not_returned()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "the harbor controls are manned"),
            (3, 5, "hardly controlled"));
        await using var db = Rows.Open();
        var reader = new ClipReader(new SnapshotConnections(db), Options.Create(new VideoSearchOptions()));
        async Task<IEnumerable<double>> StartsAsync(double minimum)
            => (await reader.SegmentsByLettersAsync(new SearchScope(index.Id, VideoFilter.None), "speech", ColourVectors.Of("red"),
                "harbor control", minimum, CancellationToken.None)).Select(hit => hit.Start);
        Assert.Equal([0, 3], await StartsAsync(0.3));
        Assert.Equal([0], await StartsAsync(0.75));
    }

    [Fact]
    public async Task Trigrams_are_compared_for_eight_words_and_for_a_longer_text_without_spaces()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "one two three four five six seven eight nine"),
            (3, 5, "\u6e2f\u53e3\u5854\u53f0\u4eca\u5929\u5df2\u7d93\u6709\u4eba\u503c\u73ed"));
        await using var db = Rows.Open();
        var reader = new ClipReader(new SnapshotConnections(db), Options.Create(new VideoSearchOptions()));
        async Task<IEnumerable<double>> StartsAsync(string text)
            => (await reader.SegmentsByLettersAsync(new SearchScope(index.Id, VideoFilter.None), "speech", ColourVectors.Of("red"),
                text, 0.5, CancellationToken.None)).Select(hit => hit.Start);

        Assert.Equal([0], await StartsAsync("one two three four five six seven eight"));
        Assert.Empty(await StartsAsync("one two three four five six seven eight nine"));
        Assert.Equal([3], await StartsAsync("\u6e2f\u53e3\u5854\u53f0\u4eca\u5929\u5df2\u7d93\u6709\u4eba\u503c\u73ed"));
    }

    [Fact]
    public async Task A_long_screen_text_is_found_despite_a_wrong_letter()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Screen,
            (3, 9, "Passengers must not cross the rails while the train is st0pping"));
        var clip = Assert.Single(
            await FindAsync(index,
                new TextQuery("passengers must not cross the rails while the train is stopping", [IndexOptions.TextInVideo])));
        Assert.Equal(FixedScores.Loose, clip.Score);
    }

    [Fact]
    public async Task Spoken_words_are_preferred_to_segments_with_a_low_similarity()
    {
        var index = await Rows.AddIndexAsync();
        // The embeddings of all segments are equally distant, which favours the first ones. The matching words share stems, not trigrams.
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech,
            [.. Enumerable.Range(0, 9).Select(i => (i * 10.0, i * 10.0 + 1, $"nothing of it {i}"))]);
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech,
            [.. Enumerable.Range(0, 6).Select(i => (i * 10.0, i * 10.0 + 1, $"it flies {i}"))]);
        await using var db = Rows.Open();

        var clips = await db.Search(new VideoSearchOptions { CandidateSegments = 6 })
            .FindAsync(new SearchQuery(index.Id, new TextQuery("flying", [IndexOptions.Conversation])), CancellationToken.None);

        Assert.Equal(Enumerable.Repeat(FixedScores.SpokenWords, 6), clips.Select(clip => clip.Score));
    }

    [Fact]
    public async Task A_spoken_phrase_is_ranked_before_text_of_similar_meaning()
    {
        var index = await Rows.AddIndexAsync();
        // The phrase spans two segments, each with half of its meaning. The third segment has the full meaning in other words.
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "We saw a red"), (2, 4, "and green light."),
            (9, 12, "colour: GREEN, RED!"));

        var clips = await FindAsync(index, new TextQuery("a red and green light", [IndexOptions.Conversation]));

        Assert.Equal((0, 4), (clips[0].Start, clips[0].End));
        Assert.Equal((9, 12), (clips[1].Start, clips[1].End));
    }

    [Fact]
    public async Task A_semantic_search_finds_text_of_similar_meaning()
    {
        var (index, _) = await SpeechAsync();
        var clip = Assert.Single(await FindAsync(index, new TextQuery("something red", [IndexOptions.Conversation])));
        Assert.Equal((20, 22, "a colour: RED buoy"), (clip.Start, clip.End, clip.Matches[0].Text));
        Assert.Equal(100, clip.Score);
    }

    public static TheoryData<string> OddTexts() => new(
        "'", "\\", "%_%", "' OR 1=1; --", "a:b & c | !d <-> e:*", "the of and", "🐟🐟", "²³", "日本語 текст ۱۲۳",
        "e\u0301a\u0302 \u0900\u0903",
        new string('字', 2000), string.Join(' ', Enumerable.Range(0, 400).Select(i => $"w{i}")), "\t\n", "o'clock rock'n'roll");

    [Theory]
    [MemberData(nameof(OddTexts))]
    public async Task A_search_accepts_any_text(string text)
    {
        var (index, _) = await SpeechAsync();
        Assert.NotNull(await FindAsync(index, new TextQuery(text, [IndexOptions.Conversation, IndexOptions.TextInVideo]), MatchLevel.None));
        Assert.NotNull(
            await FindAsync(index, new TextQuery(text, [IndexOptions.Conversation], ConversationMatching.ExactMatch), MatchLevel.None));
    }

    [Fact]
    public async Task A_logo_is_not_found_in_speech()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "Our Volvo broke down"));
        Assert.Empty(await FindAsync(index, new TextQuery("Volvo", [IndexOptions.Logo]), MatchLevel.None));
    }

    private async Task<(VideoIndex Index, Video Video)> SpeechAsync()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddTextAsync(video, TextSource.Speech,
            (0, 2, "The tug is leaving"), (2.5, 4.1, "berth four. Over."), (9, 12, "Don't stop!"), (20, 22, "a colour: RED buoy"));
        // Words in two different videos do not form a phrase.
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "Something is leaving"));
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 2, "Nobody said anything"));
        return (index, video);
    }

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(VideoIndex index, TextQuery query, MatchLevel threshold = MatchLevel.Low)
    {
        await using var db = Rows.Open();
        return await db.Search().FindAsync(new SearchQuery(index.Id, query, Threshold: threshold), CancellationToken.None);
    }
}
