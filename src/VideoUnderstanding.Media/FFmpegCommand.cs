using System.Globalization;
using FFMpegCore;

namespace VideoUnderstanding.Media;

/// <summary>The common parts of all commands for ffmpeg and ffprobe: one local input file, no network, no other files.</summary>
internal static class FFmpegCommand
{
    /// <summary>Placeholder for the input file while the command is one line of text.</summary>
    private const string InputMark = "INPUT";

    /// <summary>Opens only the file itself, with the demuxer that its first bytes select. More tracks than allowed are an error, and no
    /// decoder may allocate larger pictures than allowed, regardless of the header.</summary>
    public static string[] InputSafety(InputFile file, MediaToolOptions options) =>
    [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", Containers.Allowed, "-f", file.Demuxer,
        // The probe limits must be the same in every run, because the tracks that FFmpeg finds, and their numbers, depend on them.
        "-probesize", "20M", "-analyzeduration", "10M",
        "-max_streams", options.MaxTracks.ToString(CultureInfo.InvariantCulture), "-max_pixels",
        options.MaxPixels.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>The prefix keeps FFmpeg from reading the name as an option (<c>-x</c>) or an address (<c>a:b</c>).</summary>
    public static string InputName(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>Builds a command that reads one file, with times relative to its clock, and writes to standard output.</summary>
    /// <param name="verbosity"><c>warning</c> or <c>error</c>.</param>
    public static string[] Build(InputFile file, MediaClock clock, string verbosity, MediaToolOptions options,
        Action<FFMpegInputOptions> input, Action<FFMpegOutputOptions> output)
    {
        var line = FFMpegArguments
            .FromUrlInput(InputMark, arguments =>
            {
                // "repeat" writes each message on its own line, so that messages can be counted.
                arguments.WithCustomArgument($"-nostdin -hide_banner -nostats -v repeat+{verbosity} -max_error_rate 1")
                    .WithCustomArgument(string.Join(' ', (string[])[.. InputSafety(file, options), .. clock.InputOptions]));
                if (options.Threads > 0)
                    arguments.WithThreads(options.Threads);
                input(arguments);
            })
            .OutputToUrl("pipe:1", output)
            .Arguments;
        return [.. Words(line).Select(word => word == InputMark ? InputName(file.Path) : word), .. clock.TimestampStreams];
    }

    /// <summary>Splits a command line of FFMpegCore into arguments at blanks outside double quotes; there is no escaping. File names never
    /// pass through it, because the library does not escape quotes inside a name.</summary>
    internal static IEnumerable<string> Words(string line)
    {
        var word = new System.Text.StringBuilder();
        var quoted = false;
        var begun = false;
        foreach (var character in line)
        {
            if (character == '"')
                (quoted, begun) = (!quoted, true);
            else if (character == ' ' && !quoted)
            {
                if (begun)
                    yield return word.ToString();
                word.Clear();
                begun = false;
            }
            else
            {
                word.Append(character);
                begun = true;
            }
        }
        if (begun)
            yield return word.ToString();
    }
}
