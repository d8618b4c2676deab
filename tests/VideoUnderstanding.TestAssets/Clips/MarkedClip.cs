using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>A clip for tests of logos. It shows a mark, and later the name of a brand.</summary>
public static class MarkedClip
{
    /// <summary>Seconds at which the mark is shown: a cyan square in a corner of a grey picture.</summary>
    public const double MarkStart = 4, MarkEnd = 9;

    /// <summary>A brand of the built-in list. Its name is shown from <see cref="NameStart"/> to <see cref="NameEnd"/> seconds.</summary>
    public const string Brand = "Volvo";
    public const double NameStart = 12, NameEnd = 16;

    public static Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        var (grey, blue) = (TinyColours.Named("grey"), TinyColours.Named("blue"));
        var recipe = new ClipRecipe(Path.GetFileName(path), "h264", ["-c:v", "libx264", "-preset", "ultrafast"],
            [
                new ColourScene(0, MarkStart, grey),
                new ColourScene(MarkStart, MarkEnd, grey) { Draw = picture => Draw(picture, 91, 46, 88) },
                new ColourScene(MarkEnd, NameStart, grey),
                new ColourScene(NameStart, NameEnd, blue, "VOLVO SERVICE"),
            ], null);
        return ClipEncoder.EncodeAsync(Path.GetDirectoryName(path)!, recipe, cancellationToken);
    }

    /// <summary>Writes a picture of only the mark on white, for upload as a logo.</summary>
    public static void WriteMark(string path)
    {
        var picture = new Picture(200, 120, TinyColours.Named("white"));
        Draw(picture, 60, 16, 88);
        picture.SaveBitmap(path);
    }

    private static void Draw(Picture picture, int left, int top, int side)
        => picture.Fill(left, top, side, side, TinyColours.Named("cyan"));
}
