using System.Diagnostics;
using System.Globalization;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>Encodes a clip from its recipe with FFmpeg.</summary>
internal static class ClipEncoder
{
    private const int FramesPerSecond = 25;

    /// <returns>Ground truth of the clip.</returns>
    public static async Task<ClipFacts> EncodeAsync(string folder, ClipRecipe recipe, CancellationToken cancellationToken)
    {
        var spoken = await recipe.SpeakAsync(cancellationToken);
        var work = Directory.CreateTempSubdirectory("clip-").FullName;
        try
        {
            var inputs = Draw(work, recipe);
            if (recipe.Speech is not null)
            {
                var sound = Path.Combine(work, "sound.wav");
                SpeechTrack.Save(sound, recipe.Duration, spoken);
                inputs.AddRange(["-i", sound]);
            }
            var output = Path.Combine(folder, recipe.File);
            await RunAsync(["-v", "error", "-y", .. inputs, .. Joining(recipe), .. recipe.Encoding, output], cancellationToken);
            if (recipe.Sideways)
                TurnOnPlay(output);
            return recipe.Facts(spoken);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    public static async Task<bool> HasEncoderAsync(string name, CancellationToken cancellationToken)
        => (await RunAsync(["-hide_banner", "-encoders"], cancellationToken)).Contains($" {name} ", StringComparison.Ordinal);

    private static List<string> Draw(string work, ClipRecipe recipe)
    {
        var inputs = new List<string>();
        foreach (var (number, scene) in recipe.Scenes.Index())
        {
            var picture = new Picture(recipe.Width, recipe.Height, scene.Colour);
            scene.Draw?.Invoke(picture);
            var cell = Math.Min(5,
                recipe.Width * 0.9 / (6.0 * Math.Max(1, scene.Lines.Select(line => line.Length).DefaultIfEmpty(1).Max())));
            foreach (var (row, line) in scene.Lines.Index())
                picture.Write(line, (int)(recipe.Height * 0.3 + row * cell * 12), cell);
            var path = Path.Combine(work, $"{number}.ppm");
            picture.Save(path);
            var seconds = (scene.End - scene.Start).ToString(CultureInfo.InvariantCulture);
            inputs.AddRange(
                ["-loop", "1", "-framerate", FramesPerSecond.ToString(CultureInfo.InvariantCulture), "-t", seconds, "-i", path]);
        }
        return inputs;
    }

    private static IEnumerable<string> Joining(ClipRecipe recipe)
    {
        if (recipe.Scenes.Count == 0)
            return ["-map", "0:a"];
        var joined = string.Concat(Enumerable.Range(0, recipe.Scenes.Count).Select(i => $"[{i}:v]"))
            + $"concat=n={recipe.Scenes.Count}:v=1:a=0,format=yuv420p"
            + (recipe.Sideways ? ",transpose=cclock" : "")
            // Keeps every third frame and sometimes several in a row, which gives gaps of 40 to 120 ms.
            + (recipe.Uneven ? ",select='gt(mod(n,11),6)+not(mod(n,3))'" : "") + "[v]";
        string[] picture = ["-filter_complex", joined, "-map", "[v]"];
        string[] sound = recipe.Speech is null ? [] : ["-map", $"{recipe.Scenes.Count}:a"];
        return [.. picture, .. sound, .. recipe.Uneven ? new[] { "-fps_mode", "vfr" } : []];
    }

    /// <summary>Writes a rotation by 90 degrees into the track header of an MP4 file. The code edits the bytes, because the option for this
    /// differs between versions of FFmpeg. Source: ISO/IEC 14496-12, 8.3.2: a matrix of nine numbers; the first two of each row have 16
    /// fractional bits.</summary>
    private static void TurnOnPlay(string path)
    {
        byte[] upright = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0];
        byte[] turned = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0];
        var bytes = File.ReadAllBytes(path);
        var header = bytes.AsSpan().IndexOf("tkhd"u8);
        var matrix = bytes.AsSpan(header).IndexOf(upright);
        turned.CopyTo(bytes.AsSpan(header + matrix));
        File.WriteAllBytes(path, bytes);
    }

    private static async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"ffmpeg made no clip: {await errors}");
    }
}
