namespace VideoUnderstanding.Media;

/// <summary>The file can not be read as media: broken, empty, cut off, or not media at all. The message is fit for the user.</summary>
public sealed class MediaException(string message, Exception? inner = null) : Exception(message, inner);
