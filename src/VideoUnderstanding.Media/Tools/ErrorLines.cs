using System.Text;

namespace VideoUnderstanding.Media.Tools;

/// <summary>Splits standard error into lines, passes each to a callback, and keeps the last lines that the callback did not
/// accept.</summary>
/// <param name="tailCharacters">Maximum characters kept.</param>
/// <param name="take">Called for each line; true means that the line was data, not a message.</param>
internal sealed class ErrorLines(int tailCharacters, Func<string, bool>? take)
{
    // Longer lines are truncated, because a file's content can make a tool print without end.
    private const int MaxLineCharacters = 4096;

    private readonly StringBuilder _line = new();
    private readonly StringBuilder _tail = new();
    private readonly Lock _tailLock = new();

    public string Tail
    {
        get
        {
            lock (_tailLock)
                return _tail.ToString();
        }
    }

    public void Append(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character is '\n' or '\r')
                EndLine();
            else if (_line.Length < MaxLineCharacters)
                _line.Append(character);
        }
    }

    public void Complete() => EndLine();

    private void EndLine()
    {
        if (_line.Length == 0)
            return;
        var line = _line.ToString();
        _line.Clear();
        if (take?.Invoke(line) is true)
            return;
        lock (_tailLock)
        {
            _tail.Append(line).Append('\n');
            if (_tail.Length > tailCharacters)
                _tail.Remove(0, _tail.Length - tailCharacters);
        }
    }
}
