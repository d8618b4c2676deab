using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.UnitTests.Operations.Evaluation;

/// <summary>Sets of one or two empty files: the reader uses only names and times.</summary>
public sealed class EvaluationSetTests : IDisposable
{
    private const string Truth = """
        { "media": [
          { "file": "a.mp4", "duration": 20, "licence": "passed over",
            "scenes": [ { "start": 0, "end": 8, "see": "a boat" }, { "start": 12, "end": 20, "see": "A boat." } ],
            "speech": [ { "start": 1, "end": 3, "lang": "en", "text": "Good morning, all" } ],
            "on_screen_text": [ { "start": 0, "end": 5, "text": "PIER 7 | Open today" } ] },
          { "file": "b.mp4",
            "speech": [ { "start": 4, "end": 5, "text": "And good morning, all of you" } ],
            "on_screen_text": [ { "start": 2, "end": 4, "text": "Pier 7 open" } ] } ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("evaluation-set-").FullName;

    [Fact]
    public async Task A_set_contains_seen_spoken_and_written_content()
    {
        var set = await ReadAsync(Truth);

        Assert.Equal(["a.mp4", "b.mp4"], set.Videos.Select(video => video.File));
        var (first, second) = (set.Videos[0], set.Videos[1]);
        Assert.Equal((20, null), (first.Duration, second.Duration));
        Assert.Equal(new SeenThing(12, 20, "A boat."), first.Seen[1]);
        Assert.Equal(new SpokenPhrase(1, 3, "Good morning, all", "en"), Assert.Single(first.Spoken));
        Assert.Equal(["PIER 7", "Open today"], Assert.Single(first.Shown).Lines);
        Assert.Equal(Path.Combine(_folder, "b.mp4"), second.Path);
    }

    [Fact]
    public async Task Every_place_with_the_words_of_a_query_is_right()
    {
        var set = await ReadAsync(Truth);

        Assert.Equal([new("a.mp4", 0, 8), new("a.mp4", 12, 20)], Only(set, "a boat", IndexOptions.Visual).Right);
        Assert.Equal([new("a.mp4", 1, 3), new("b.mp4", 4, 5)],
            Only(set, "Good morning, all", IndexOptions.Conversation, ConversationMatching.ExactMatch).Right);
        Assert.Equal([new("b.mp4", 4, 5)], Only(set, "And good morning, all of you", IndexOptions.Conversation).Right);
        Assert.Equal([new("a.mp4", 0, 5), new("b.mp4", 2, 4)], Only(set, "PIER 7", IndexOptions.TextInVideo).Right);
    }

    [Fact]
    public async Task Written_queries_replace_the_scenes_and_may_be_absurd()
    {
        var set = await ReadAsync(Truth, """
            { "comment": "by hand", "queries": [
              { "query": "a sail", "option": "visual", "right": [ { "video": "a.mp4", "start": 1, "end": 2 } ], "from": "scene 1" },
              { "query": "a whale", "option": "visual", "right": [] },
              { "query": "bread", "option": "conversation", "conversation_option": "exact_match", "right": [] } ] }
            """);

        Assert.Equal(["a sail", "a whale"], set.Queries.Where(query => query.Option == IndexOptions.Visual).Select(query => query.Text));
        Assert.Equal((false, true, "scene 1"), (set.Queries[0].IsAbsurd, set.Queries[1].IsAbsurd, set.Queries[0].Origin));
        Assert.Equal(ConversationMatching.ExactMatch, set.Queries[2].Matching);
        Assert.Contains(set.Queries, query => query.Text == "Good morning, all");
    }

    [Fact]
    public async Task A_picture_of_the_set_may_be_a_query()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "boat.jpg"), "", TestContext.Current.CancellationToken);
        var set = await ReadAsync(Truth, """
            { "queries": [
              { "picture": "boat.jpg", "option": "picture", "right": [ { "video": "a.mp4", "start": 0, "end": 8 } ] },
              { "query": "a sail", "option": "visual", "right": [] } ] }
            """);

        var query = Assert.Single(set.Only([EvaluationQuery.Picture]).Queries);
        Assert.Equal(("boat.jpg", Path.Combine(_folder, "boat.jpg"), IndexOptions.Visual),
            (query.Text, query.PicturePath, query.ApiOption));
        Assert.Equal([new RightSpan("a.mp4", 0, 8)], query.Right);
        Assert.Null(Only(set, "a sail", IndexOptions.Visual).PicturePath);
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("{}", "$ must have a member \"media\"")]
    [InlineData("""{"media":[]}""", "$.media must name at least one video")]
    [InlineData("""{"media":[{"file":"c.mp4"}]}""", "$.media[0].file must be a file of the set, but is \"c.mp4\".")]
    [InlineData("""{"media":[{"file":"../a.mp4"}]}""", "must lie in the folder of the set")]
    [InlineData("""{"media":[{"file":"a.mp4"},{"file":"a.mp4"}]}""", "$.media[1].file is there twice")]
    [InlineData("""{"media":[{"file":"a.mp4","scenes":[{"start":3,"end":3,"see":"x"}]}]}""",
        "$.media[0].scenes[0] must end after it starts")]
    [InlineData("""{"media":[{"file":"a.mp4","scenes":[{"start":-1,"end":3,"see":"x"}]}]}""",
        "$.media[0].scenes[0].start must be a number of seconds, 0 or more")]
    [InlineData("""{"media":[{"file":"a.mp4","duration":9,"speech":[{"start":1,"end":11,"text":"x"}]}]}""",
        "lies after the end of the video at 9 s")]
    [InlineData("""{"media":[{"file":"a.mp4","speech":[{"start":1,"end":2,"text":" "}]}]}""", "$.media[0].speech[0].text must be a text")]
    public async Task The_error_of_an_invalid_truth_file_contains_the_place(string truth, string sentence)
    {
        var error = await Assert.ThrowsAsync<EvaluationSetException>(() => ReadAsync(truth));

        Assert.Contains(sentence, error.Message);
        Assert.StartsWith(Path.Combine(_folder, EvaluationSet.TruthFile), error.Message);
    }

    [Theory]
    [InlineData("""{"query":"x","option":"visual"}""", "$.queries[0] must have a member \"right\"")]
    [InlineData("""{"query":"x","option":"logo","right":[]}""", "$.queries[0].option must be one of visual, conversation, text_in_video")]
    [InlineData("""{"query":"x","option":"visual","right":[],"rihgt":[]}""", "$.queries[0].rihgt is not known here")]
    [InlineData("""{"query":"","option":"visual","right":[]}""", "$.queries[0].query must be a text")]
    [InlineData("""{"query":"x","option":"picture","right":[]}""", "$.queries[0].query must not stand beside the option picture")]
    [InlineData("""{"option":"picture","right":[]}""", "$.queries[0] must have a member \"picture\"")]
    [InlineData("""{"picture":"a.jpg","option":"picture","right":[]}""", "$.queries[0].picture must be a file of the set")]
    [InlineData("""{"picture":"../a.mp4","option":"picture","right":[]}""", "$.queries[0].picture must lie in the folder of the set")]
    [InlineData("""{"picture":"a.mp4","option":"visual","right":[]}""", "$.queries[0].picture needs the option picture")]
    [InlineData("""{"query":"x","option":"visual","right":[{"video":"z.mp4","start":0,"end":1}]}""",
        "$.queries[0].right[0].video is no video of the set")]
    [InlineData("""{"query":"x","option":"visual","right":[{"video":"a.mp4","start":0,"end":30}]}""",
        "lies after the end of the video at 20 s")]
    [InlineData("""{"query":"x","option":"conversation","conversation_option":"loud","right":[]}""", "must be semantic or exact_match")]
    public async Task The_error_of_an_invalid_queries_file_contains_the_place(string query, string sentence)
    {
        var error = await Assert.ThrowsAsync<EvaluationSetException>(() => ReadAsync(Truth, $$"""{"queries":[{{query}}]}"""));

        Assert.Contains(sentence, error.Message);
    }

    [Fact]
    public async Task A_folder_without_a_truth_file_is_no_set()
    {
        var cancellation = TestContext.Current.CancellationToken;

        Assert.Contains("There is no file",
            (await Assert.ThrowsAsync<EvaluationSetException>(() => EvaluationSet.ReadAsync(_folder, cancellation))).Message);
        Assert.Contains("There is no folder",
            (await Assert.ThrowsAsync<EvaluationSetException>(() => EvaluationSet.ReadAsync(_folder + "-gone", cancellation))).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static EvaluationQuery Only(
        EvaluationSet set, string text, string option, ConversationMatching matching = ConversationMatching.Semantic)
        => Assert.Single(set.Queries, query => query.Text == text && query.Option == option && query.Matching == matching);

    private async Task<EvaluationSet> ReadAsync(string truth, string? queries = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var video in new[] { "a.mp4", "b.mp4" })
            await File.WriteAllTextAsync(Path.Combine(_folder, video), "", cancellation);
        await File.WriteAllTextAsync(Path.Combine(_folder, EvaluationSet.TruthFile), truth, cancellation);
        if (queries is not null)
            await File.WriteAllTextAsync(Path.Combine(_folder, EvaluationSet.QueriesFile), queries, cancellation);
        return await EvaluationSet.ReadAsync(_folder, cancellation);
    }
}
