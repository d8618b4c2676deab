using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>A server with the vectors of the examples.</summary>
public sealed class HarbourServer(DatabaseTemplate template) : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
        => Server = await TestServer.StartAsync(template,
            new Dictionary<string, string?> { ["VideoUnderstanding:Transfers:Integrations:harbour:Buckets:0"] = "harbour-raw" },
            fakes: services => services.AddSingleton<IQueryVectors, HarbourVectors>());

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Repeats each recorded request of the contract. Compares status, headers, members and types, and the values that do not
/// depend on models or the clock.</summary>
public sealed class RecordedAnswersTests(HarbourServer fixture, SampleClips clips) : IClassFixture<HarbourServer>
{
    private TestServer Server => fixture.Server;

    public static TheoryData<string> Served => [.. RecordedAnswer.Served.Keys];

    [Fact]
    public void Every_example_is_in_one_of_the_tables()
        => Assert.Equal(Example.Names(), RecordedAnswer.Served.Keys.Concat(RecordedAnswer.Notifications).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Served))]
    public async Task An_example_is_answered_as_recorded(string name)
    {
        var (example, table) = (Example.Read(name), RecordedAnswer.Served[name]);
        await HarbourRows.EmptyAsync(Server);
        foreach (var rows in table.Rows)
            await rows(Server);
        var address = table.PageOf is { } first ? await NextPageAsync(first, example) : example.Address;
        using var client = Server.CreateClient(withKey: false);
        using var response = await client.SendAsync(example.ToRequest(table.KeepsKey ? example.Key : Server.Key, address, clips.WithSound));

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(example.Status == (int)response.StatusCode, $"{(int)response.StatusCode} instead of {example.Status}: {text}");
        foreach (var (header, value) in example.Headers)
            Assert.Equal(value,
                header == "Content-Type" ? response.Content.Headers.ContentType?.MediaType
                    : Assert.Single(response.Headers.GetValues(header)));
        if (example.Body is not { } expected)
        {
            Assert.Equal("", text);
            return;
        }
        using var answer = JsonDocument.Parse(text);
        var differences = new AnswerShape(table.Different, table.AbsentInExample, table.Values).Differences(expected, answer.RootElement);
        Assert.True(!differences.Any(), $"{string.Join('\n', differences)}\n{text}");
    }

    /// <summary>Sends the first request of a paged example and returns the address of the second page.</summary>
    private async Task<string> NextPageAsync(string first, Example page)
    {
        using var client = Server.CreateClient(withKey: false);
        var search = Example.Read(first);
        var answer = await client.SendAsync(search.ToRequest(Server.Key, search.Address, clips.WithSound)).JsonAsync();
        return page.Address[..(page.Address.LastIndexOf('/') + 1)] + answer.GetProperty("page_info").GetProperty("next_page_token")
            .GetString();
    }
}
