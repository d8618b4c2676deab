using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>The pages below "Search" show the same results as the API returns for the requests that the pages display.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed partial class AppSearchTests(GeneratedSet set, Chromium chromium) : IAsyncLifetime
{
    private AppPage _app = null!;

    private string Search => $"/search?index={set.SoundIndex}&q=an+old+map&options=conversation,text_in_video&threshold=none";

    public async ValueTask InitializeAsync() => _app = await AppPage.SignInMemberAsync(chromium, set.Server, "default");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_combined_query_is_built_shown_as_JSON_and_sent()
    {
        await _app.GoToAsync($"/combined?index={set.SoundIndex}");
        await _app.Page.GetByLabel("Text of 1", new() { Exact = true }).FillAsync("HARBOUR STATION");
        await _app.Page.GetByLabel("Text of 2", new() { Exact = true }).FillAsync("the boat departs at midday");
        await _app.Page.GetByLabel("Together").SelectOptionAsync("$then");
        await _app.Page.GetByLabel("Within seconds").FillAsync("20");
        await _app.Page.GetByLabel("Confidence").SelectOptionAsync("none");
        await _app.Button("Add a group").ClickAsync();
        await _app.Page.GetByLabel("Text of 3.1", new() { Exact = true }).FillAsync("navy");
        await _app.Button("Remove 3.2").ClickAsync();
        await _app.Page.GetByText("JSON of this query").ClickAsync();
        await _app.CheckAsync("A combined query");
        var request = await JsonAsync();
        var query = request.GetProperty("query");
        Assert.Equal(20, query.GetProperty("adjacency_threshold").GetInt32());
        Assert.Equal(["HARBOUR STATION", "the boat departs at midday"],
            query.GetProperty("$then").EnumerateArray().Take(2).Select(part => part.GetProperty("text").GetString()));
        Assert.Equal("navy", query.GetProperty("$then")[2].GetProperty("$or")[0].GetProperty("text").GetString());

        await _app.Button("Search").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.Locator(".hit").First);
        Assert.Equal(await TotalAsync("beta/search", request), await FoundAsync(@"(\d+) moments?"));
        await _app.CheckAsync("Results of a combined query");
        // The address contains the query, so users can save and share it.
        await _app.Page.ReloadAsync();
        Assert.Equal("HARBOUR STATION", await _app.Page.GetByLabel("Text of 1", new() { Exact = true }).InputValueAsync());
        await _app.Page.Locator(".hit a").First.ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.Locator(".lane.hits i").First);
        _app.AssertClean();
    }

    [Fact]
    public async Task Results_of_a_combined_query_are_grouped_by_video()
    {
        await _app.GoToAsync($"/combined?index={set.SoundIndex}");
        await _app.Page.GetByLabel("Text of 1", new() { Exact = true }).FillAsync("red");
        await _app.Page.GetByLabel("Text of 2", new() { Exact = true }).FillAsync("green");
        await _app.Page.GetByLabel("Together").SelectOptionAsync("$or");
        await _app.Page.GetByLabel("Results").SelectOptionAsync("video");
        await _app.Page.GetByText("JSON of this query").ClickAsync();
        var request = await JsonAsync();
        Assert.Equal("video", request.GetProperty("group_by").GetString());
        await _app.Button("Search").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Heading(GeneratedClips.Colours));
        await _app.ExpectVisibleAsync(_app.Page.Locator("section.group .timeline").First);
        Assert.Equal(await TotalAsync("search", request), await FoundAsync(@"Hits in (\d+) videos?"));
        await _app.CheckAsync("Grouped results of a combined query");
        _app.AssertClean();
    }

    [Fact]
    public async Task A_query_can_exclude_the_matches_of_another_query()
    {
        await _app.GoToAsync($"/combined?index={set.SoundIndex}");
        await _app.Page.GetByLabel("Text of 1", new() { Exact = true }).FillAsync("red");
        await _app.Page.GetByLabel("Text of 2", new() { Exact = true }).FillAsync("HARBOUR STATION");
        await _app.Page.GetByLabel("Together").SelectOptionAsync("$not");
        await _app.Page.GetByText("JSON of this query").ClickAsync();
        var request = await JsonAsync();
        Assert.Equal("red", request.GetProperty("query").GetProperty("$not").GetProperty("origin").GetProperty("text").GetString());
        await _app.Button("Search").ClickAsync();
        var total = await TotalAsync("beta/search", request);
        await _app.ExpectVisibleAsync(_app.Page.GetByRole(AriaRole.Status).Filter(new() { HasTextRegex = new Regex("moment|Nothing") }));
        Assert.Equal(total, total == 0 ? 0 : await FoundAsync(@"(\d+) moments?"));
        _app.AssertClean();
    }

    [Fact]
    public async Task Hits_are_saved_as_CSV_JSON_and_an_edit_list()
    {
        await _app.GoToAsync(Search);
        await _app.ExpectVisibleAsync(_app.Page.Locator(".hit").First);
        var total = await FoundAsync(@"(\d+) moments?");

        using var json = JsonDocument.Parse(await SaveAsync("JSON", "hits.json"));
        var hits = json.RootElement.EnumerateArray().ToList();
        Assert.Equal(total, hits.Count);
        Assert.All(hits, hit => Assert.True(set.Videos.ContainsKey(hit.GetProperty("filename").GetString()!)));

        var rows = (await SaveAsync("CSV", "hits.csv")).Split("\r\n");
        Assert.Equal("video_id,filename,title,start,end,score,confidence,options,text", rows[0]);
        Assert.Equal(total + 2, rows.Length);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture,
            $"{hits[0].GetProperty("video_id").GetString()},{hits[0].GetProperty("filename").GetString()},,{hits[0].GetProperty("start")}"),
            rows[1], StringComparison.Ordinal);

        var edits = Edit().Matches(await SaveAsync("EDL", "hits.edl"));
        Assert.Equal(total, edits.Count);
        Assert.Equal("01:00:00:00", edits[0].Groups[3].Value);
        Assert.All(edits.Zip(edits.Skip(1)), pair => Assert.Equal(pair.First.Groups[4].Value, pair.Second.Groups[3].Value));
        // The last field of a timecode counts frames.
        Assert.All(hits.Zip(edits), pair => Assert.InRange(pair.First.GetProperty("start").GetDouble()
            - TimeSpan.Parse(pair.Second.Groups[1].Value[..8], CultureInfo.InvariantCulture).TotalSeconds, -0.1, 1.1));
        _app.AssertClean();
    }

    [Fact]
    public async Task A_request_is_shown_in_three_languages()
    {
        await _app.GoToAsync(Search);
        await _app.Button("Show as curl, Python, C#").ClickAsync();
        foreach (var (language, part) in new[] { ("curl", "curl -sS"), ("Python", "requests.post("), ("C#", "http.PostAsync(") })
            await Assertions.Expect(_app.Page.GetByLabel(language, new() { Exact = true })).ToContainTextAsync(part);
        await _app.CheckAsync("Programs");
        _app.AssertClean();
    }

    [Fact]
    public async Task Hits_of_a_video_are_shown_on_a_timeline()
    {
        await _app.GoToAsync($"{Search}&group=video");
        // The test checks one video. The timelines appear in any order, each when the metadata of its video is loaded.
        var group = _app.Page.Locator("section.group").First;
        var line = group.Locator(".timeline");
        await _app.ExpectVisibleAsync(line);
        Assert.Equal(await group.Locator(".hit").CountAsync(), await line.Locator("i").CountAsync());
    }

    [Fact]
    public async Task A_hit_shows_its_scores_over_time_with_the_peak_inside_the_hit()
    {
        var requests = new ConcurrentQueue<string>();
        _app.Page.Request += (_, request) =>
        {
            if (request.Url.Contains("/app/curves", StringComparison.Ordinal))
                requests.Enqueue(request.Url);
        };
        await _app.GoToAsync($"/search?index={set.SoundIndex}&q=red&options=visual");
        // The clip has four colours of five seconds each; red is the first.
        var hit = _app.Page.Locator(".hit").Filter(new() { HasText = GeneratedClips.Colours }).First;
        var curve = hit.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("^Score") });
        await _app.ExpectVisibleAsync(curve);
        var label = Regex.Match((await curve.GetAttributeAsync("aria-label"))!, @"^Score (\d+) to (\d+), highest at 0:0([0-4])$");
        Assert.True(label.Success, await curve.GetAttributeAsync("aria-label"));
        var (low, high) = (int.Parse(label.Groups[1].Value, CultureInfo.InvariantCulture),
            int.Parse(label.Groups[2].Value, CultureInfo.InvariantCulture));
        var score = double.Parse(await hit.Locator(".score").InnerTextAsync(), CultureInfo.InvariantCulture);
        Assert.InRange(high, Math.Floor(score), 100);
        Assert.InRange(low, 0, 39);
        // The line of the confidence "low" is at score 40, and the peak of the path is above it and in the range of the hit.
        var drawn = await curve.EvaluateAsync<double[]>("""
            svg => {
              const [path, within] = [svg.querySelector('.scores'), svg.querySelector('.within').getBBox()];
              const points = Array.from({ length: 2001 }, (_, i) => path.getPointAtLength(path.getTotalLength() * i / 2000));
              const peak = points.reduce((best, point) => point.y < best.y ? point : best);
              return [peak.x, 100 - peak.y, within.x, within.x + within.width, 100 - svg.querySelector('.least').getBBox().y];
            }
            """);
        Assert.InRange(drawn[0], drawn[2] - 1, drawn[3] + 1);
        Assert.Equal(high, drawn[1], 1.0);
        Assert.Equal(40, drawn[4], 0.01);
        Assert.Single(requests);
        await _app.CheckAsync("Results with curves");

        await _app.Page.GetByLabel("Confidence").SelectOptionAsync("none");
        await _app.Page.GetByLabel("Results").SelectOptionAsync("video");
        await _app.Button("Search").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.Locator(".group .hit .curve svg").First);
        await Assertions.Expect(_app.Page.Locator(".curve .least")).ToHaveCountAsync(0);
        _app.AssertClean();
    }

    [Fact]
    public async Task Without_curves_the_hits_stay_as_they_are()
    {
        await _app.Page.RouteAsync("**/app/curves", route => route.FulfillAsync(new() { Status = 500, Body = "" }));
        await _app.GoToAsync($"/search?index={set.SoundIndex}&q=red&options=visual");
        await Assertions.Expect(_app.Page.Locator(".curve")).ToHaveCountAsync(0);
        await _app.ExpectVisibleAsync(_app.Page.Locator(".hit").First);
        await Assertions.Expect(_app.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        _app.AssertClean("status of 500");
    }

    [Fact]
    public async Task Labels_of_the_user_are_shown_as_bars()
    {
        await _app.GoToAsync($"/classify?index={set.SoundIndex}");
        await _app.Page.GetByLabel("Labels", new() { Exact = true }).FillAsync("lights: red; an emerald screen\nSea: Navy");
        await _app.Page.GetByLabel("Confidence").SelectOptionAsync("high");
        foreach (var option in new[] { "Speech", "Text on screen" })
            await _app.Page.GetByLabel(option, new() { Exact = true }).UncheckAsync();
        await _app.Button("Classify the videos").ClickAsync();
        var colours = _app.Page.Locator(".labelled").Filter(new() { HasText = GeneratedClips.Colours });
        await _app.ExpectVisibleAsync(colours);
        await _app.CheckAsync("Labels");
        var bars = await colours.Locator("li").AllInnerTextsAsync();
        Assert.Equal(2, bars.Count);
        // Red and green cover 10 of the 20 seconds, blue covers 5.
        Assert.Matches(@"(?s)^lights.*\(5[0-9] %\)", Assert.Single(bars, text => text.StartsWith("lights", StringComparison.Ordinal)));
        Assert.Matches(@"(?s)^Sea.*\((2[0-9]|30) %\)", Assert.Single(bars, text => text.StartsWith("Sea", StringComparison.Ordinal)));
        _app.AssertClean();
    }

    [GeneratedRegex(@"^\d{3}  AX       V     C        (\S+) (\S+) (\S+) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Edit();

    private async Task<JsonElement> JsonAsync()
    {
        var text = await _app.Page.GetByLabel("JSON of this query").InnerTextAsync();
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    private async Task<int> TotalAsync(string path, JsonElement request)
        => (await set.Api.SendAsync(HttpMethod.Post, path, request)).Expect(HttpStatusCode.OK)
            .GetProperty("page_info").GetProperty("total_results").GetInt32();

    /// <summary>Returns the number of results from the status line.</summary>
    private async Task<int> FoundAsync(string pattern)
    {
        var text = await _app.Page.Locator(".head [role=status]").InnerTextAsync();
        return int.Parse(Regex.Match(text, pattern).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private async Task<string> SaveAsync(string format, string name)
    {
        var download = await _app.Page.RunAndWaitForDownloadAsync(() => _app.Button($"Export as {format}").ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
        return await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
    }
}
