using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>The rows that a phrase search reads.</summary>
public sealed class PhraseReadingTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private TestDatabase Rows => database.Rows;

    [Theory]
    [InlineData("the", 501)]
    [InlineData("the and", 501)]
    [InlineData("nothing the", 501)]
    [InlineData("the nothing", 501)]
    [InlineData("the", 0)]
    [InlineData("the and", 8)]
    [InlineData("the nothing", 8)]
    public async Task The_number_of_reads_per_segment_is_bounded_for_any_number_of_close_hits(string text, int reach)
    {
        const int Segments = 600;
        var index = await Rows.AddIndexAsync();
        for (var i = 0; i < 2; i++)
            await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech,
                [.. Enumerable.Range(0, Segments).Select(at => (at * 2.0, at * 2.0 + 1, $"the line and {at}"))]);
        await using var db = Rows.Open();
        var statement = PhraseQueries.TextAround(new SearchScope(index.Id, VideoFilter.None), "speech", PlainWords.Of(text), reach);
        // No segment has the word "nothing", and a plan that begins with it need not read any row.
        var least = text.Contains("nothing", StringComparison.Ordinal) ? 0 : 1;
        Assert.InRange(await db.RowsMovedAsync(statement), least, 40 * 2 * Segments);
    }

    [Fact]
    public async Task The_text_around_hits_contains_each_segment_within_reach_once()
    {
        var (index, random) = (await Rows.AddIndexAsync(), new Random(3));
        string[] words = ["the", "tug", "is", "calm", "off"];
        var lines = new List<string[]>();
        for (var video = 0; video < 3; video++)
        {
            lines.Add([.. Enumerable.Range(0, 60).Select(_ => words[Math.Min(words.Length - 1, random.Next(30))])]);
            await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech,
                [.. lines[video].Select((word, at) => (100.0 * video + at, 100.0 * video + at + 1, word))]);
        }
        await using var db = Rows.Open();
        var reader = new ClipReader(new SnapshotConnections(db), Options.Create(new VideoSearchOptions()));
        for (var count = 1; count <= 3; count++)
            foreach (var reach in (int[])[0, 1, 2, 3, 5, 9, 12])
            {
                bool IsHit(string[] video, int at) => video[at] == words[0]
                    && words.Take(count)
                        .All(word => Enumerable.Range(at - reach, 2 * reach + 1).Any(near => video.ElementAtOrDefault(near) == word));
                var expected = lines.SelectMany((video, place) => Enumerable.Range(0, video.Length)
                    .Where(at => Enumerable.Range(at - reach, 2 * reach + 1)
                        .Any(near => near >= 0 && near < video.Length && IsHit(video, near))).Select(at => 100.0 * place + at));
                var found = await reader.TextAroundAsync(new SearchScope(index.Id, VideoFilter.None), "speech", [.. words.Take(count)],
                    reach, CancellationToken.None).ToListAsync();
                Assert.Equal(expected, found.OrderBy(row => row.Start).Select(row => row.Start));
                Assert.Equal(found.OrderBy(row => row.VideoId, StringComparer.Ordinal).ThenBy(row => row.Number), found);
            }
    }
}
