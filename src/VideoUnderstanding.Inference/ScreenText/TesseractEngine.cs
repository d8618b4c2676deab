using System.Runtime.InteropServices;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>A Tesseract engine with its language data. Not thread-safe.</summary>
internal sealed class TesseractEngine : IDisposable
{
    // Without a resolution Tesseract guesses and prints warnings. The enlarged letters have about this density.
    private const int DotsPerInch = 150;

    private readonly TesseractHandle _handle = new();

    /// <exception cref="ModelUnavailableException">The language data does not load.</exception>
    public TesseractEngine(string dataFolder, string languages)
    {
        if (TesseractLibrary.Init(_handle, dataFolder, languages) != 0)
        {
            _handle.Dispose();
            throw new ModelUnavailableException($"Tesseract does not load the language data {languages} of {dataFolder}.");
        }
        Set("debug_file", OperatingSystem.IsWindows() ? "NUL" : "/dev/null");
        // Letters are always dark on light here, so a second attempt with inverted colours would only cost time.
        Set("tessedit_do_invert", "0");
    }

    /// <summary>Words in reading order. The picture must have dark letters on a light background.</summary>
    public unsafe IReadOnlyList<DetectedWord> Read(GrayPicture picture, PageSegmentation mode)
    {
        TesseractLibrary.SetPageSegmentation(_handle, mode);
        fixed (byte* pixels = picture.Pixels)
            TesseractLibrary.SetImage(_handle, pixels, picture.Width, picture.Height, 1, picture.Width);
        TesseractLibrary.SetResolution(_handle, DotsPerInch);
        try
        {
            return TesseractLibrary.Recognize(_handle, IntPtr.Zero) == 0 ? Words() : [];
        }
        finally
        {
            TesseractLibrary.Clear(_handle);
        }
    }

    private List<DetectedWord> Words()
    {
        var words = new List<DetectedWord>();
        var iterator = TesseractLibrary.Iterator(_handle);
        if (iterator == IntPtr.Zero)
            return words;
        try
        {
            var line = -1;
            do
            {
                if (TesseractLibrary.IsAtBeginning(TesseractLibrary.PageIterator(iterator), PageLevel.Line) != 0)
                    line++;
                if (Word(iterator, line) is { } word)
                    words.Add(word);
            }
            while (TesseractLibrary.Next(iterator, PageLevel.Word) != 0);
        }
        finally
        {
            TesseractLibrary.DeleteIterator(iterator);
        }
        return words;
    }

    private static unsafe DetectedWord? Word(IntPtr iterator, int line)
    {
        var utf8 = TesseractLibrary.Text(iterator, PageLevel.Word);
        if (utf8 is null)
            return null;
        var text = Marshal.PtrToStringUTF8((IntPtr)utf8)!.Trim();
        TesseractLibrary.DeleteText(utf8);
        int left, top, right, bottom;
        if (text.Length == 0
            || TesseractLibrary.BoundingBox(TesseractLibrary.PageIterator(iterator), PageLevel.Word, &left, &top, &right, &bottom) == 0)
            return null;
        return new DetectedWord(text, new TextBox(left, top, right, bottom), TesseractLibrary.Confidence(iterator, PageLevel.Word), line);
    }

    private void Set(string name, string value) => TesseractLibrary.SetVariable(_handle, name, value);

    public void Dispose() => _handle.Dispose();
}

/// <summary>A recognised word.</summary>
/// <param name="Confidence">0 to 100.</param>
/// <param name="Line">Number of the line in the picture, from 0.</param>
internal sealed record DetectedWord(string Text, TextBox Box, double Confidence, int Line);
