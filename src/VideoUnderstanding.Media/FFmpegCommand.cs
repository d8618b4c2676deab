using System.Globalization;
using FFMpegCore;

namespace VideoUnderstanding.Media;

/// <summary>What every command for ffmpeg and ffprobe has in common: one local file in, no network, no other files.</summary>
internal static class FFmpegCommand
{
    /// <summary>Stands for the input file while a command is one line of text.</summary>
    private const string InputMark = "INPUT";

    /// <summary>
    /// Opens only the file itself, and only as the kind that its first bytes tell; tracks beyond the allowed count are an error.
    /// Damaged and hostile files may not make a decoder allocate larger pictures than allowed, whatever the header says.
    /// </summary>
    public static string[] InputSafety(InputFile file, MediaToolOptions options) =>
    [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", Containers.Allowed, "-f", file.Demuxer,
        // The same in every run: they decide which tracks FFmpeg finds and how it numbers them.
        "-probesize", "20M", "-analyzeduration", "10M",
        "-max_streams", options.MaxTracks.ToString(CultureInfo.InvariantCulture), "-max_pixels",
        options.MaxPixels.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>A name that FFmpeg takes for a file whatever it looks like: not as an option (<c>-x</c>) and not as an address
    /// (<c>a:b</c>).</summary>
    public static string InputName(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>Builds a command that reads one file on its clock and writes to standard output.</summary>
    /// <param name="verbosity"><c>warning</c> or <c>error</c>.</param>
    public static string[] Build(InputFile file, MediaClock clock, string verbosity, MediaToolOptions options,
        Action<FFMpegInputOptions> input, Action<FFMpegOutputOptions> output)
    {
        var line = FFMpegArguments
            .FromUrlInput(InputMark, arguments =>
            {
                // "repeat": each message on a line of its own, so that they can be counted.
                arguments.WithCustomArgument($"-nostdin -hide_banner -nostats -v repeat+{verbosity} -max_error_rate 1")
                    .WithCustomArgument(string.Join(' ', (string[])[.. InputSafety(file, options), .. clock.InputOptions]));
                if (options.Threads > 0)
                    arguments.WithThreads(options.Threads);
                input(arguments);
            })
            .OutputToUrl("pipe:1", output)
            .Arguments;
        return [.. Words(line).Select(word => word == InputMark ? InputName(file.Path) : word), .. clock.Companions];
    }

    /// <summary>
    /// Cuts a line of FFMpegCore into words: blanks part them, double quotes hold them together, nothing is escaped. File names never
    /// pass through it: the library puts quotes around a name but does not escape those inside.
    /// </summary>
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
