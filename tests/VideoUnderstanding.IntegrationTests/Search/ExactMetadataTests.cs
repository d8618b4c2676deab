using System.Net;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>The search filter and the video list find a stored number by exactly its digits and by no other number.</summary>
public sealed class ExactMetadataTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    [Theory]
    [InlineData("9007199254740993", "9007199254740992")]
    [InlineData("12345678901234567890", "12345678901234567891")]
    [InlineData("0.1234567890123456789", "0.1234567890123456788")]
    [InlineData("3.0", "3.1")]
    [InlineData("1e300", "2e300")]
    [InlineData("1.5e-25", "1.6e-25")]
    public async Task Numbers_are_equal_to_the_last_digit(string stored, string near)
    {
        var server = fixture.Server;
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        await server.Database.AddFramesAsync(video, (10, "red", 0.9));
        using var client = server.CreateClient();
        await client.PutAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}",
            new StringContent($$$"""{"metadata":{"ticket":{{{stored}}}}}""")).EmptyAsync(HttpStatusCode.OK);

        foreach (var (number, hits) in new[] { (stored, 1), (near, 0) })
        {
            var body = $$$"""{"query":"red","index_id":"{{{index.Id}}}","search_options":["visual"],"filter":{"ticket":{{{number}}}}}""";
            Assert.Equal(hits, (await client.PostAsync("/v1.1/search", new StringContent(body)).JsonAsync()).Data().Length);
            Assert.Equal(hits, (await client.GetAsync($"/v1.1/indexes/{index.Id}/videos?ticket={number}").JsonAsync()).Data().Length);
        }
    }
}
