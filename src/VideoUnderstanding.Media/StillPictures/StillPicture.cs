using System.Globalization;
using System.Text;

namespace VideoUnderstanding.Media.StillPictures;

/// <summary>A decoded picture: red, green, blue and opacity, 8 bits each, rows from the top, without padding.</summary>
public sealed record StillPicture(int Width, int Height, byte[] Rgba)
{
    /// <summary>Returns the picture as a frame for the visual model; transparent parts become white.</summary>
    public Frame ToFrame() => new(0, true, Width, Height, Flatten([255, 255, 255]));

    /// <summary>Returns the colours over a background: red, green and blue.</summary>
    internal byte[] Flatten(byte[] background)
    {
        var flat = new byte[Width * Height * 3];
        for (var i = 0; i < flat.Length; i++)
        {
            var (pixel, colour) = (i / 3 * 4, i % 3);
            int opacity = Rgba[pixel + 3];
            flat[i] = (byte)((Rgba[pixel + colour] * opacity + background[colour] * (255 - opacity) + 127) / 255);
        }
        return flat;
    }

    /// <summary>Parses FFmpeg's PAM output: lines of names and numbers, ENDHDR, then the pixels (netpbm, pam(5)).</summary>
    /// <exception cref="FormatException">The data has another format.</exception>
    internal static StillPicture Parse(byte[] pam)
    {
        var end = pam.AsSpan().IndexOf("ENDHDR\n"u8);
        var header = end < 0 ? "" : Encoding.ASCII.GetString(pam, 0, end);
        var (width, height) = (Number(header, "WIDTH"), Number(header, "HEIGHT"));
        var first = end + "ENDHDR\n"u8.Length;
        return width > 0 && height > 0 && Number(header, "DEPTH") == 4 && pam.Length - first >= width * height * 4
            ? new StillPicture(width, height, pam[first..(first + width * height * 4)])
            : throw new FormatException("Not a PAM picture with four channels.");
    }

    private static int Number(string header, string name)
    {
        var line = header.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return int.TryParse(line?[(name.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
