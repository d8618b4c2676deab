using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>A database with Turkish case rules, in which the lower case of "I" is "ı" instead of "i".</summary>
public sealed class LocaleTests
{
    [Fact]
    public async Task Names_and_phrases_with_an_i_are_found_under_all_case_rules()
    {
        await using var rows = await DatabaseTemplate.MakeAsync("tr");
        await using var db = rows.Open();
        Assert.Null(
            await VectorColumns.EnsureAsync(db, new("model", ColourVectors.Dimensions), new("model", ColourVectors.Dimensions),
                CancellationToken.None));
        var index = await rows.AddIndexAsync();
        var video = await rows.AddVideoAsync(index);
        await rows.AddTextAsync(video, TextSource.Screen, (1, 2, "NIKE"), (30, 31, "nothing"));
        await rows.AddTextAsync(video, TextSource.Speech, (3, 4, "THIS IS IT"), (30, 31, "nothing"));

        foreach (var (text, start) in new[]
        {
            (new TextQuery("nike", [IndexOptions.Logo]), 1),
            (new TextQuery("this is it", [IndexOptions.Conversation], ConversationMatching.ExactMatch), 3),
        })
            Assert.Equal(start, Assert.Single(await db.Search().FindAsync(new SearchQuery(index.Id, text), CancellationToken.None)).Start);
    }
}
