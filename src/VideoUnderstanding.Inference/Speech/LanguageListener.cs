using System.Numerics.Tensors;
using System.Reflection;
using System.Runtime.InteropServices;
using Whisper.net;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Detects the language of a window during its transcription. The native library still has the result of the encoder when it
/// reports a segment, so one step of the decoder is enough. A detection of its own takes a pass of the encoder over 30 s.</summary>
/// <remarks>Whisper.net does not give access to the native state, so this class wraps the callback for segments, which is stored in private
/// fields. A test fails if a version of Whisper.net has other fields; without them the caller has to detect the language itself.</remarks>
internal sealed unsafe class LanguageListener
{
    private static readonly FieldInfo? Parameters = Field(typeof(WhisperProcessor), "whisperParams");
    private static readonly FieldInfo? Callback = Parameters?.FieldType.GetField("OnNewSegment");
    private static readonly FieldInfo? Native = Field(typeof(WhisperProcessor), "nativeWhisper");

    private readonly nint _library;
    private readonly int _threads;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, nint, void> _original;
    private readonly NewSegment _callback;

    private LanguageListener(nint library, nint original, int threads)
    {
        (_library, _threads, _callback) = (library, threads, OnNewSegment);
        _original = (delegate* unmanaged[Cdecl]<nint, nint, int, nint, void>)original;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void NewSegment(nint context, nint state, int count, nint data);

    /// <summary>The language of the last segment. Null before the first one.</summary>
    public DetectedLanguage? Detected { get; private set; }

    /// <param name="processor">Must not have started. The caller keeps the listener until the processor is disposed.</param>
    /// <returns>Null if this version of Whisper.net has other fields.</returns>
    public static LanguageListener? TryAttach(WhisperProcessor processor, int threads)
    {
        var native = Native?.GetValue(processor);
        if (native is null || Parameters?.GetValue(processor) is not { } parameters || Callback?.GetValue(parameters) is not nint original
            || Field(native.GetType(), "whisperLibraryHandle")?.GetValue(native) is not nint library)
            return null;
        var listener = new LanguageListener(library, original, threads);
        Callback.SetValue(parameters, Marshal.GetFunctionPointerForDelegate(listener._callback));
        Parameters.SetValue(processor, parameters);
        return listener;
    }

    private static FieldInfo? Field(Type type, string name) => type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic);

    private void OnNewSegment(nint context, nint state, int count, nint data)
    {
        Detected = Detect(context, state);
        _original(context, state, count, data);
    }

    /// <summary>The language is the first token that the model writes after the start token.</summary>
    private DetectedLanguage? Detect(nint context, nint state)
    {
        var start = Token("whisper_token_sot", context);
        var decode = (delegate* unmanaged[Cdecl]<nint, nint, int*, int, int, int, int>)Export("whisper_decode_with_state");
        if (decode(context, state, &start, 1, 0, _threads) != 0)
            return null;
        // The tokens of the languages are between the start token and that of the task "translate".
        var (first, end) = (start + 1, Token("whisper_token_translate", context));
        var all = ((delegate* unmanaged[Cdecl]<nint, float*>)Export("whisper_get_logits_from_state"))(state);
        var probabilities = new float[end - first];
        TensorPrimitives.SoftMax(new ReadOnlySpan<float>(all + first, probabilities.Length), probabilities);
        var best = TensorPrimitives.IndexOfMax<float>(probabilities);
        var code = Marshal.PtrToStringUTF8(((delegate* unmanaged[Cdecl]<int, nint>)Export("whisper_lang_str"))(best));
        return code is null ? null : new DetectedLanguage(code, probabilities[best]);
    }

    private int Token(string name, nint context) => ((delegate* unmanaged[Cdecl]<nint, int>)Export(name))(context);

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
