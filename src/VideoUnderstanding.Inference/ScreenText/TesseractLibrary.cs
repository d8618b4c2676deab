using System.Runtime.InteropServices;

namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>The used part of Tesseract's C interface (capi.h).</summary>
internal static unsafe partial class TesseractLibrary
{
    // A unique name, so that the resolver below chooses the file.
    private const string Name = "libtesseract";
    private static readonly string[] FileNames = ["libtesseract.so.5", "libtesseract.so.4", "libtesseract.so", "libtesseract.5.dylib",
        "tesseract50.dll"];
    private static readonly Lazy<IntPtr> Handle = new(Find);

    static TesseractLibrary() => NativeLibrary.SetDllImportResolver(
        typeof(TesseractLibrary).Assembly, (name, _, _) => name == Name ? Handle.Value : IntPtr.Zero);

    /// <summary>True if the library is installed.</summary>
    public static bool IsThere => Handle.Value != IntPtr.Zero;

    private static IntPtr Find()
    {
        // Tesseract's OpenMP threads spin and compete with the pool of engines, each of which uses one core. The library reads the limit
        // once, from the native environment, which .NET's own copy does not change.
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            SetEnvironment("OMP_THREAD_LIMIT", "1", 0);
        foreach (var name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return handle;
        }
        return IntPtr.Zero;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport(Name, EntryPoint = "TessBaseAPICreate")]
    public static partial IntPtr Create();

    [LibraryImport(Name, EntryPoint = "TessBaseAPIDelete")]
    public static partial void Delete(IntPtr engine);

    [LibraryImport(Name, EntryPoint = "TessBaseAPIInit3", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Init(TesseractHandle engine, string dataFolder, string languages);

    [LibraryImport(Name, EntryPoint = "TessBaseAPISetVariable", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetVariable(TesseractHandle engine, string name, string value);

    [LibraryImport(Name, EntryPoint = "TessBaseAPISetPageSegMode")]
    public static partial void SetPageSegmentation(TesseractHandle engine, PageSegmentation mode);

    [LibraryImport(Name, EntryPoint = "TessBaseAPISetImage")]
    public static partial void SetImage(TesseractHandle engine, byte* pixels, int width, int height, int bytesPerPixel, int bytesPerLine);

    [LibraryImport(Name, EntryPoint = "TessBaseAPISetSourceResolution")]
    public static partial void SetResolution(TesseractHandle engine, int dotsPerInch);

    [LibraryImport(Name, EntryPoint = "TessBaseAPIRecognize")]
    public static partial int Recognize(TesseractHandle engine, IntPtr monitor);

    [LibraryImport(Name, EntryPoint = "TessBaseAPIClear")]
    public static partial void Clear(TesseractHandle engine);

    [LibraryImport(Name, EntryPoint = "TessBaseAPIGetIterator")]
    public static partial IntPtr Iterator(TesseractHandle engine);

    [LibraryImport(Name, EntryPoint = "TessResultIteratorDelete")]
    public static partial void DeleteIterator(IntPtr iterator);

    [LibraryImport(Name, EntryPoint = "TessResultIteratorNext")]
    public static partial int Next(IntPtr iterator, PageLevel level);

    [LibraryImport(Name, EntryPoint = "TessResultIteratorGetPageIterator")]
    public static partial IntPtr PageIterator(IntPtr iterator);

    [LibraryImport(Name, EntryPoint = "TessResultIteratorGetUTF8Text")]
    public static partial byte* Text(IntPtr iterator, PageLevel level);

    [LibraryImport(Name, EntryPoint = "TessDeleteText")]
    public static partial void DeleteText(byte* text);

    [LibraryImport(Name, EntryPoint = "TessResultIteratorConfidence")]
    public static partial float Confidence(IntPtr iterator, PageLevel level);

    [LibraryImport(Name, EntryPoint = "TessPageIteratorBoundingBox")]
    public static partial int BoundingBox(IntPtr pageIterator, PageLevel level, int* left, int* top, int* right, int* bottom);

    [LibraryImport(Name, EntryPoint = "TessPageIteratorIsAtBeginningOf")]
    public static partial int IsAtBeginning(IntPtr pageIterator, PageLevel level);
}

/// <summary>One recogniser.</summary>
internal sealed class TesseractHandle : SafeHandle
{
    public TesseractHandle() : base(IntPtr.Zero, ownsHandle: true) => SetHandle(TesseractLibrary.Create());

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle()
    {
        TesseractLibrary.Delete(handle);
        return true;
    }
}

/// <summary>How Tesseract looks for text (tesseract::PageSegMode).</summary>
internal enum PageSegmentation
{
    /// <summary>One block of lines.</summary>
    Block = 6,
}

/// <summary>Steps of a result (tesseract::PageIteratorLevel).</summary>
internal enum PageLevel
{
    Line = 2,
    Word = 3,
}
