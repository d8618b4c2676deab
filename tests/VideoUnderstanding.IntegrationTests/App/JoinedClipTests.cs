using System.Net;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.IntegrationTests.Streams;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>Download of several search hits as one MP4 file.</summary>
public sealed class JoinedClipTests(AppServer server, CountingClips clips) : IClassFixture<AppServer>, IClassFixture<CountingClips>
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Parts_of_different_sizes_and_rates_are_joined_with_frame_accuracy()
    {
        using var browser = await server.SignedInAsync();
        var (wide, tall, old, late) = (await PartAsync(browser, clips.Wide, 3.4, 5.9), await PartAsync(browser, clips.Tall, 12.1, 13.2),
            await PartAsync(browser, clips.Old, 0, 1.7), await PartAsync(browser, clips.Late, 17.32, 18.44));
        RequestedPart[] parts = [wide, tall, old, late, wide with { Start = 19.2, End = 25 }];
        int[] rates = [25, 30, 10, 25, 25];
        var path = await SaveAsync(browser, parts);
        parts[^1] = parts[^1] with { End = 20 };

        var about = await JoinedClipBench.DescribeAsync(path);
        Assert.Equal((640, 360), (about.Width, about.Height));
        foreach (var seconds in (double[])[about.File, about.Pictures, about.Sound])
            Assert.Equal(parts.Sum(part => part.Seconds), seconds, 0.1);
        var brightness = await BrightnessAsync(path);
        var frames = (await StreamBench.DecodeAsync([path]))[0].Pictures;
        Assert.All(frames.Zip(frames.Skip(1)), pair => Assert.Equal(1 / 30.0, pair.Second.Time - pair.First.Time, 0.001));
        var first = 0;
        foreach (var (part, rate) in parts.Zip(rates))
        {
            var count = (int)Math.Round(part.Seconds * 30);
            for (var frame = 0; frame < count; frame++)
                Assert.True(Math.Abs(CountingClips.BrightnessAt(part.Start + frame / 30.0, rate) - brightness[first + frame]) < 1.6,
                    $"{part.Path}, frame {frame}: {brightness[first + frame]}");
            first += count;
        }
        Assert.Equal(first, brightness.Count);
        File.Delete(path);
    }

    [Fact]
    public async Task Sound_stays_with_its_part_and_parts_without_are_silent()
    {
        using var browser = await server.SignedInAsync();
        var (wide, tall) = (await PartAsync(browser, clips.Wide, 3, 4.3), await PartAsync(browser, clips.Tall, 2, 3.3));
        const int Pairs = 4;
        // With several pairs, deviations of one audio packet per part add up.
        var path = await SaveAsync(browser, [.. Enumerable.Range(0, Pairs).SelectMany(_ => (RequestedPart[])[wide, tall])]);
        var loudness = await JoinedClipBench.LoudnessAsync(path);
        for (var pair = 0; pair < Pairs; pair++)
        {
            Assert.All(loudness.Skip(26 * pair + 1).Take(11), tenth => Assert.InRange(tenth, 0.003, 1));
            Assert.All(loudness.Skip(26 * pair + 14).Take(11), tenth => Assert.InRange(tenth, 0, 0.0001));
        }
        Assert.Equal(2.6 * Pairs, (await JoinedClipBench.DescribeAsync(path)).Sound, 0.05);
        File.Delete(path);
    }

    [Fact]
    public async Task Real_videos_have_the_right_picture_in_the_middle_of_each_part()
    {
        using var browser = await server.SignedInAsync();
        (string Name, double Start, double End)[] wanted =
        [
            ("big-buck-bunny.mp4", 21.2, 22.2), ("dog-rotated.mp4", 1.5, 2.1), ("cars-hevc.mkv", 1.2, 1.8),
            ("his-girl-friday.avi", 3.8, 4.4), ("flower.webm", 2.2, 2.8), ("bottles-vfr.mp4", 3.4, 4), ("slides-climate.mov", 2, 3),
        ];
        List<RequestedPart> parts = [];
        foreach (var (name, start, end) in wanted)
            parts.Add(await PartAsync(browser, AssetsFolder.File($"media/{name}"), start, end));
        var path = await SaveAsync(browser, [.. parts]);

        var about = await JoinedClipBench.DescribeAsync(path);
        Assert.Equal(parts.Sum(part => part.Seconds), about.Pictures, 0.1);
        var begin = 0.0;
        List<(byte[] Joined, byte[] Source)> pictures = [];
        foreach (var part in parts)
        {
            pictures.Add((await JoinedClipBench.PictureAsync(path, begin + part.Seconds / 2, about.Width, about.Height),
                await JoinedClipBench.PictureAsync(part.Path, part.Start + part.Seconds / 2, about.Width, about.Height)));
            begin += part.Seconds;
        }
        for (var i = 0; i < pictures.Count; i++)
            for (var other = 0; other < pictures.Count; other++)
                if (JoinedClipBench.Difference(pictures[i].Joined, pictures[other].Source) is var difference && i == other)
                    Assert.True(difference < 6, $"{parts[i].Path}: {difference}");
                else
                    Assert.True(difference > 15, $"{parts[i].Path} and {parts[other].Path}: {difference}");
        File.Delete(path);
    }

    [Fact]
    public async Task The_orientation_is_that_of_most_of_the_seconds()
    {
        using var browser = await server.SignedInAsync();
        var (wide, tall) = (await PartAsync(browser, clips.Wide, 3, 4), await PartAsync(browser, clips.Tall, 2, 4));
        var path = await SaveAsync(browser, [wide, tall]);
        var about = await JoinedClipBench.DescribeAsync(path);
        Assert.Equal((180, 320), (about.Width, about.Height));
        File.Delete(path);
    }

    [Fact]
    public async Task Videos_of_another_account_and_deleted_ones_are_refused()
    {
        using var ours = await server.SignedInAsync(account: "ours");
        using var theirs = await server.SignedInAsync(account: "theirs");
        var (mine, foreign) = (await PartAsync(ours, clips.Wide, 1, 2), await PartAsync(theirs, clips.Wide, 1, 2));
        Assert.Contains("parts[1]", await ours.JoinAsync(mine, foreign).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist"),
            StringComparison.Ordinal);

        var (deleted, lost) = (await PartAsync(ours, clips.Wide, 1, 2), await PartAsync(ours, clips.Wide, 1, 2));
        await using (var db = server.Database.Open())
            Assert.Equal(1, await db.Videos.Where(row => row.Id == deleted.VideoId).ExecuteDeleteAsync());
        File.Delete(server.FileOf(lost.VideoId));
        foreach (var gone in (RequestedPart[])[deleted, lost])
            Assert.Contains($"The video {gone.VideoId} of parts[2] does not exist any more",
                await ours.JoinAsync(mine, mine, gone).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist"),
                StringComparison.Ordinal);

        using var withoutSession = server.Browse();
        await withoutSession.JoinAsync(mine).ErrorAsync(HttpStatusCode.Unauthorized, "session_invalid");
        await ours.SendAsync(HttpMethod.Post, "/app/clips", null, new { parts = new[] { mine.Body } })
            .ErrorAsync(HttpStatusCode.Forbidden, "session_token_invalid");
    }

    [Fact]
    public async Task Invalid_parts_and_videos_that_may_not_be_played_are_refused()
    {
        using var browser = await server.SignedInAsync();
        var part = await PartAsync(browser, clips.Wide, 1, 2);
        var hidden = part with { VideoId = (await server.AddVideoAsync(browser, clips.Wide, isStreamDisabled: true)).Id };
        foreach (var wrong in (RequestedPart[])[part with { Start = -1 }, part with { End = 1 }, part with { Start = 20.5, End = 21 },
            part with { VideoId = "x" }, hidden])
            Assert.Contains("parts[0]", await browser.JoinAsync(wrong).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"),
                StringComparison.Ordinal);
        await browser.SendAsync(HttpMethod.Post, "/app/clips", new { parts = Array.Empty<object>() })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        foreach (var missing in (object[])[new { }, new { parts = new object?[] { null } }, new { parts = new[] { new { start = 1 } } }])
            await browser.SendAsync(HttpMethod.Post, "/app/clips", missing)
                .ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided");
        await browser.SendAsync(HttpMethod.Post, "/app/clips", new { parts = new[] { part.Body }, speed = 2 })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_unknown");
    }

    [Fact]
    public async Task A_clip_with_too_many_parts_or_seconds_is_refused()
    {
        using var browser = await server.SignedInAsync();
        var part = await PartAsync(browser, clips.Wide, 0, 20);
        var limits = await browser.Http.GetAsync("/app/clips/limits").JsonAsync();
        Assert.Equal((100, 600), (limits.GetProperty("max_parts").GetInt32(), limits.GetProperty("max_seconds").GetInt32()));
        Assert.Contains("101 parts", await browser.JoinAsync(Enumerable.Repeat(part with { End = 0.1 }, 101))
            .ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded"), StringComparison.Ordinal);
        Assert.Contains("620 seconds", await browser.JoinAsync(Enumerable.Repeat(part, 31))
            .ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreadable_video_is_an_error_in_the_first_part_and_a_broken_connection_later()
    {
        using var browser = await server.SignedInAsync();
        var (part, broken) = (await PartAsync(browser, clips.Wide, 1, 2), await PartAsync(browser, clips.Wide, 1, 2));
        await File.WriteAllTextAsync(server.FileOf(broken.VideoId), "no video");
        await browser.JoinAsync(broken, part).ErrorAsync(HttpStatusCode.BadRequest, "video_file_broken");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => browser.JoinAsync(part, broken));
    }

    [Fact]
    public async Task A_user_gets_one_clip_at_a_time_and_a_disconnected_client_stops_the_encoder()
    {
        using var browser = await server.SignedInAsync();
        var part = await PartAsync(browser, clips.Wide, 0, 20);
        var token = (await browser.SessionAsync()).GetProperty("token").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/app/clips")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { parts = Enumerable.Repeat(part.Body, 30) }),
            Headers = { { Browser.TokenHeader, token } },
        };
        using (var response = await browser.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await WaitUntilAsync(() => JoinedClipBench.IsRead(server.FileOf(part.VideoId)));
            var refused = await browser.JoinAsync(part);
            Assert.NotNull(refused.Headers.RetryAfter);
            await Task.FromResult(refused).ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
        }
        await WaitUntilAsync(() => !JoinedClipBench.IsRead(server.FileOf(part.VideoId)));
        // The user gets another clip, and the server starts no process for the remaining parts of the first one.
        await WaitUntilAsync(async () =>
        {
            using var response = await browser.JoinAsync(part with { End = 1 });
            return response.StatusCode == HttpStatusCode.OK;
        });
        Assert.False(JoinedClipBench.IsRead(server.FileOf(part.VideoId)));
    }

    private static Task WaitUntilAsync(Func<bool> condition) => WaitUntilAsync(() => Task.FromResult(condition()));

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !await condition(); await Task.Delay(50))
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < WaitTimeout, "The condition stayed false.");
    }

    /// <summary>Returns the brightness of every frame.</summary>
    private static async Task<List<double>> BrightnessAsync(string path)
        => [.. (await StreamClips.FFmpegAsync(["-i", path, "-map", "0:v", "-vf", "crop=20:200,signalstats,"
            + "metadata=print:key=lavfi.signalstats.YAVG:file=-", "-f", "null", "-"])).Split("YAVG=").Skip(1)
            .Select(text => double.Parse(text.Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture))];

    private async Task<RequestedPart> PartAsync(Browser browser, string path, double start, double end)
        => new((await server.AddVideoAsync(browser, path)).Id, path, start, end);

    /// <returns>Path of the file.</returns>
    private static async Task<string> SaveAsync(Browser browser, RequestedPart[] parts)
    {
        using var response = await browser.JoinAsync(parts);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        Assert.Equal("video/mp4", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("attachment", "hits.mp4"), (response.Content.Headers.ContentDisposition?.DispositionType,
            response.Content.Headers.ContentDisposition?.FileName));
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        return path;
    }
}
