using VideoUnderstanding.Media;
using static VideoUnderstanding.IntegrationTests.Media.ClipFolder;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>Frames, sound and thumbnails of a file have the same times, and its length is the real one, for any timestamps and header.
/// Picture N of the clips has brightness N. Clips with sound have a tone at 2-3 s and at 6-7 s.</summary>
public sealed class ClockTests : IDisposable
{
    private const string Beeps = "aevalsrc='0.5*sin(880*PI*t)*(between(t,2,3)+between(t,6,7))':s=48000:d=8";

    private readonly ClipFolder _clips = new();

    public void Dispose() => _clips.Dispose();

    private Task<MediaInfo> ReadAsync(string path) => _clips.Probe.ReadAsync(path, CancellationToken.None);

    private Task<string> DrawAsync(string name, params string[] options)
        => _clips.DrawAsync(name, ["-f", "lavfi", "-i", Numbered, "-f", "lavfi", "-i", Beeps, "-c:v", "libx264", "-qp", "0", "-g", "50",
            "-bf", "2", "-c:a", "aac", .. options]);

    private async Task<string> JoinAsync(string name, params string[] parts)
    {
        await using var file = File.Create(_clips[name]);
        foreach (var part in parts)
        {
            // Skips the header of each further FLV part.
            var bytes = await File.ReadAllBytesAsync(part);
            file.Write(part.EndsWith("flv", StringComparison.Ordinal) && file.Position > 0 ? bytes.AsSpan(13) : bytes);
        }
        return _clips[name];
    }

    /// <param name="numberAt">Returns the number of the picture shown at a time in seconds.</param>
    private async Task AssertSeenAsync(
        string clip, double seconds, Func<double, int> numberAt, params (double Time, int Number)[] thumbnails)
    {
        var frames = await _clips.ReadFramesAsync(clip);

        Assert.All(frames, frame => Assert.Equal((frame.Time, numberAt(frame.Time + 0.01)), (frame.Time, Number(frame))));
        // The frames cover the video from start to end without a gap.
        double[] times = [.. frames.Select(frame => frame.Start), seconds];
        Assert.Equal(0, times[0], 0.03);
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0.01, 1.05));
        if (thumbnails.Length > 0)
            Assert.Equal(thumbnails.Select(thumbnail => thumbnail.Number),
                (await _clips.ReadThumbnailsAsync(clip, [.. thumbnails.Select(thumbnail => thumbnail.Time)]))
                    .Select(number => (int)Math.Round(number)));
    }

    private async Task AssertHeardAsync(string clip, params (double From, double To)[] beeps)
    {
        var sound = await _clips.ReadSoundAsync(clip);
        var heard = new List<(double From, double To)>();
        for (var at = 0; at + 800 <= sound.Length; at += 800)
            if (sound.AsSpan(at, 800).ToArray().Max(Math.Abs) > 0.1)
                heard = heard is [.., var last] && at / 16000.0 - last.To < 0.11 ? [.. heard[..^1], (last.From, (at + 800) / 16000.0)]
                    : [.. heard, (at / 16000.0, (at + 800) / 16000.0)];

        Assert.Equal(beeps.Length, heard.Count);
        Assert.All(heard, (beep, k) =>
        {
            Assert.Equal(beeps[k].From, beep.From, 0.15);
            Assert.Equal(beeps[k].To, beep.To, 0.15);
        });
    }

    [Theory]
    [InlineData("late.mkv", "1000")]
    [InlineData("late.mkv", "8000")]
    [InlineData("late.flv", "1000")]
    [InlineData("late.ts", "8000")]
    // The timestamps of a transport stream wrap around to 0 after 95,443 s.
    [InlineData("late.ts", "95440")]
    public async Task Streams_that_start_late_start_at_0(string name, string offset)
    {
        var clip = await DrawAsync(name, "-output_ts_offset", offset);

        var info = await ReadAsync(clip);

        Assert.Equal((8, 25), (Math.Round(info.DurationSeconds, 1), Math.Round(info.Video!.FramesPerSecond, 3)));
        await AssertSeenAsync(clip, 8, time => (int)(25 * time), (0, 0), (7.5, 187));
        await AssertHeardAsync(clip, (2, 3), (6, 7));
    }

    [Fact]
    public async Task A_late_browser_recording_starts_at_0()
    {
        var clip = await _clips.DrawAsync("late.webm", "-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=8", "-f", "lavfi", "-i", Beeps, "-c:v",
            "libvpx", "-c:a", "libopus", "-output_ts_offset", "1000");

        Assert.Equal(8, (await ReadAsync(clip)).DurationSeconds, 0.1);
        Assert.Equal(8, (await _clips.ReadFramesAsync(clip)).Count);
        await AssertHeardAsync(clip, (2, 3), (6, 7));
    }

    [Theory]
    [InlineData("ts", "0")]
    [InlineData("ts", "30000")]
    [InlineData("ts", "4000")]
    [InlineData("flv", "0")]
    [InlineData("flv", "3000")]
    public async Task Parts_whose_timestamps_restart_or_jump_follow_each_other(string kind, string offset)
    {
        var first = await DrawAsync($"first.{kind}", "-t", "4");
        var second = await _clips.DrawAsync($"second.{kind}", "-ss", "4", "-f", "lavfi", "-i", Numbered, "-ss", "4", "-f", "lavfi", "-i",
            Beeps, "-c:v", "libx264", "-qp", "0", "-g", "50", "-bf", "2", "-c:a", "aac", "-output_ts_offset", offset);
        var clip = await JoinAsync($"joined.{kind}", first, second);

        var info = await ReadAsync(clip);

        Assert.Equal((ClockKind.Corrected, 25), (info.Clock.Kind, Math.Round(info.Video!.FramesPerSecond, 1)));
        Assert.Equal(8, info.DurationSeconds, 0.15);
        // Sound and pictures of a part end at different times, so the next part may start one picture later.
        var frames = await _clips.ReadFramesAsync(clip);
        Assert.Equal(8, frames.Count);
        Assert.All(frames, frame => Assert.InRange(Number(frame), 25 * frame.Time - (frame.Time < 4 ? 0.5 : 2.5), 25 * frame.Time + 0.5));
        Assert.InRange((await _clips.ReadThumbnailsAsync(clip, 6.01))[0], 147.5, 150.5);
        await AssertHeardAsync(clip, (2, 3), (6, 7));
    }

    [Fact]
    public async Task A_thumbnail_long_after_a_restart_of_the_timestamps_is_correct()
    {
        var part = await DrawAsync("part.ts");
        var clip = await JoinAsync("long.ts", [.. Enumerable.Repeat(part, 6)]);

        Assert.Equal(48, (await ReadAsync(clip)).DurationSeconds, 0.3);
        double[] numbers = [27, 47, 162];
        Assert.All((await _clips.ReadThumbnailsAsync(clip, 33.1, 41.9, 46.5)).Zip(numbers),
            pair => Assert.Equal(pair.Second, pair.First, 6.0));
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    [InlineData("ts")]
    public async Task A_gap_keeps_its_length_and_shows_the_picture_before_it(string kind)
    {
        var clip = await _clips.DrawAsync($"gap.{kind}", "-f", "lavfi", "-i", Numbered + ",setpts='PTS+gte(N,100)*5/TB'", "-f", "lavfi",
            "-i", "aevalsrc='0.5*sin(880*PI*t)*between(t,2,3)':s=48000:d=4", "-fps_mode", "passthrough", "-c:v", "libx264", "-qp", "0",
            "-c:a", "aac");

        var info = await ReadAsync(clip);

        Assert.Equal((13, 25), (Math.Round(info.DurationSeconds, 1), Math.Round(info.Video!.FramesPerSecond, 3)));
        await AssertSeenAsync(clip, 13, time => time < 4 ? (int)(25 * time) : time < 9 ? 99 : (int)(25 * (time - 5)), (6, 99), (10, 125));
        await AssertHeardAsync(clip, (2, 3));
    }

    [Fact]
    public async Task Subtitles_that_end_after_the_film_do_not_lengthen_it()
    {
        await File.WriteAllTextAsync(_clips["long.srt"], "1\n00:00:01,000 --> 01:40:00,000\nwords\n");
        var film = await DrawAsync("film.mkv");
        var clip = await _clips.DrawAsync("subtitles.mkv", "-i", film, "-i", _clips["long.srt"], "-map", "0", "-map", "1", "-c", "copy",
            "-c:s", "srt");

        Assert.Equal(8, (await ReadAsync(clip)).DurationSeconds, 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7200)]
    public async Task A_wrong_length_in_the_header_is_ignored(int seconds)
    {
        var clip = await DrawAsync("wrong.mkv");
        Bombs.Lengthen(clip, TimeSpan.FromSeconds(seconds));

        Assert.Equal(8, (await ReadAsync(clip)).DurationSeconds, 0.1);
        await AssertSeenAsync(clip, 8, time => (int)(25 * time));
    }

    [Fact]
    public async Task A_wrong_byte_count_in_a_complete_avi_file_is_ignored()
    {
        var clip = await _clips.DrawGraphAsync("whole.avi", Numbered, "-bf", "0");
        await using (var file = File.OpenWrite(clip))
        {
            file.Position = 4;
            file.Write(BitConverter.GetBytes(1 << 30));
        }

        Assert.Equal(8, (await ReadAsync(clip)).DurationSeconds, 0.05);
    }

    [Fact]
    public async Task A_clip_trimmed_without_encoding_follows_its_edit_list()
    {
        var whole = await DrawAsync("whole.mp4");
        var clip = await _clips.DrawAsync("trimmed.mp4", "-ss", "1.4", "-i", whole, "-t", "5", "-c", "copy");

        var info = await ReadAsync(clip);

        Assert.Equal((5, 25), (Math.Round(info.DurationSeconds, 1), Math.Round(info.Video!.FramesPerSecond, 3)));
        await AssertSeenAsync(clip, 5, time => 35 + (int)(25 * time), (0, 35), (2, 85));
        await AssertHeardAsync(clip, (0.6, 1.6), (4.6, 5));
    }

    [Fact]
    public async Task An_edit_list_of_two_entries_shows_two_parts()
    {
        var clip = await _clips.DrawGraphAsync("parts.mp4", Numbered);
        // The track has 12,800 ticks per second.
        Bombs.SetEdits(clip, (2000, 2 * 12_800), (2000, 6 * 12_800));

        var info = await ReadAsync(clip);

        Assert.Equal((4, 25), (Math.Round(info.DurationSeconds, 2), Math.Round(info.Video!.FramesPerSecond, 3)));
        await AssertSeenAsync(clip, 4, time => (int)(25 * (time < 2 ? 2 + time : 4 + time)), (1.9, 97), (3, 175));
    }

    [Fact]
    public async Task The_frame_rate_is_computed_from_irregular_millisecond_timestamps()
    {
        var clip = await _clips.DrawAsync("recording.webm", "-f", "lavfi", "-i", "testsrc=s=64x64:r=25:d=8", "-vf",
            "settb=1/1000,setpts='N*70+floor(random(1)*55)'", "-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-c:v", "libvpx");

        var info = await ReadAsync(clip);

        Assert.Equal(14, info.DurationSeconds, 0.2);
        Assert.Equal(1 / 0.07, info.Video!.FramesPerSecond, 0.3);
        Assert.InRange((await _clips.ReadFramesAsync(clip)).Count, 14, 16);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("mkv")]
    public async Task Slides_keep_their_durations(string kind)
    {
        var clip = await _clips.DrawAsync($"slides.{kind}", "-f", "lavfi", "-i",
            "nullsrc=s=64x64:r=0.1:d=30,geq=lum='16+50*N':cb=128:cr=128", "-c:v", "libx264", "-qp", "0");

        var info = await ReadAsync(clip);

        Assert.Equal((30, 0.1), (Math.Round(info.DurationSeconds, 1), Math.Round(info.Video!.FramesPerSecond, 3)));
        await AssertSeenAsync(clip, 30, time => (int)(time / 10) * 50, (9.5, 0), (29, 100));
    }

    [Fact]
    public async Task The_last_slide_may_have_a_long_duration()
    {
        var clip = await _clips.DrawAsync("last.mp4", "-f", "lavfi", "-i",
            "nullsrc=s=64x64:r=1:d=4,geq=lum='16+50*N':cb=128:cr=128,setpts='if(eq(N,3),24,2*N)/TB'", "-fps_mode", "passthrough", "-c:v",
            "libx264", "-qp", "0", "-bf", "0");
        // The edit list hides the fourth picture, which determines the duration of the third one.
        Bombs.SetEdits(clip, (24_000, 0));

        Assert.Equal(24, (await ReadAsync(clip)).DurationSeconds, 0.1);
        await AssertSeenAsync(clip, 24, time => Math.Min((int)(time / 2), 2) * 50, (23, 100));
    }

    [Theory]
    [InlineData("h264", "libx264")]
    [InlineData("hevc", "libx265")]
    [InlineData("mpeg1video", "mpeg1video")]
    [InlineData("m4v", "mpeg4")]
    public async Task Raw_video_streams_get_their_times_from_the_number_of_pictures(string format, string codec)
    {
        var clip = await _clips.DrawAsync("raw", "-f", "lavfi", "-i", Numbered, "-pix_fmt", "yuv420p", "-c:v", codec, "-q:v", "2", "-f",
            format);

        var info = await ReadAsync(clip);
        var frames = await _clips.ReadFramesAsync(clip);

        Assert.Equal((8, 25), (Math.Round(info.DurationSeconds, 1), Math.Round(info.Video!.FramesPerSecond, 3)));
        Assert.Equal(8, frames.Count);
        Assert.All(frames, frame => Assert.InRange(Number(frame), 25 * frame.Time - 4, 25 * frame.Time + 4));
        Assert.InRange((await _clips.ReadThumbnailsAsync(clip, 6))[0], 145, 155);
    }

    [Theory]
    [InlineData("film.mpg", "mpeg2video", 0)]
    [InlineData("film.mpg", "mpeg1video", 40)]
    [InlineData("film.ts", "libx264", 1000)]
    [InlineData("film.h264", "libx264", 40)]
    public async Task Camera_streams_may_begin_with_a_vendor_header(string name, string codec, int header)
    {
        var clip = await _clips.DrawAsync(name, "-f", "lavfi", "-i", Numbered, "-pix_fmt", "yuv420p", "-c:v", codec, "-qmin", "1", "-q:v",
            "2", "-bf", "0");
        byte[] own = [.. "IMKH"u8.ToArray().Concat(new byte[header]).Take(header)];
        await File.WriteAllBytesAsync(clip, [.. own, .. await File.ReadAllBytesAsync(clip)]);

        Assert.Equal(8, (await ReadAsync(clip)).DurationSeconds, 0.15);
        // Most packets of a program stream have no timestamp. FFmpeg's estimate may be one picture late.
        Assert.InRange((await _clips.ReadFramesAsync(clip)).Count, 8, 9);
        Assert.InRange((await _clips.ReadThumbnailsAsync(clip, 6))[0], 145, 155);
    }
}
