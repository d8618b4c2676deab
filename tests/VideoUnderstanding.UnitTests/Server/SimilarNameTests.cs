using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.UnitTests.Server;

public sealed class SimilarNameTests
{
    private static readonly string[] Known = ["query", "index_id", "search_options", "conversation_option", "page_limit"];

    [Theory]
    [InlineData("search_option", "search_options")]
    [InlineData("searchOptions", "search_options")]
    [InlineData("Query", "query")]
    [InlineData("pagelimit", "page_limit")]
    [InlineData("conversation_options", "conversation_option")]
    [InlineData("query.search_option", "search_options")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_found_within_the_maximum_distance(string written, string? meant)
        => Assert.Equal(meant, SimilarName.Find(written, Known));

    [Fact]
    public void A_very_long_name_is_not_compared() => Assert.Null(SimilarName.Find(new string('q', 100_000), Known));
}
