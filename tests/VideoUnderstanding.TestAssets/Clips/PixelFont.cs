namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>Capital letters and digits on a grid of 5 by 7 points, so that text can be drawn without an installed font.</summary>
internal static class PixelFont
{
    public const int Columns = 5;
    public const int Rows = 7;

    /// <summary>Seven rows from top to bottom. Of the five bits of a row, the highest is the leftmost column.</summary>
    private static readonly Dictionary<char, byte[]> Glyphs = new()
    {
        ['A'] = [14, 17, 17, 31, 17, 17, 17], ['B'] = [30, 17, 17, 30, 17, 17, 30], ['C'] = [14, 17, 16, 16, 16, 17, 14],
        ['D'] = [30, 17, 17, 17, 17, 17, 30], ['E'] = [31, 16, 16, 30, 16, 16, 31], ['F'] = [31, 16, 16, 30, 16, 16, 16],
        ['G'] = [14, 17, 16, 23, 17, 17, 14], ['H'] = [17, 17, 17, 31, 17, 17, 17], ['I'] = [14, 4, 4, 4, 4, 4, 14],
        ['J'] = [7, 2, 2, 2, 2, 18, 12], ['K'] = [17, 18, 20, 24, 20, 18, 17], ['L'] = [16, 16, 16, 16, 16, 16, 31],
        ['M'] = [17, 27, 21, 21, 17, 17, 17], ['N'] = [17, 25, 21, 19, 17, 17, 17], ['O'] = [14, 17, 17, 17, 17, 17, 14],
        ['P'] = [30, 17, 17, 30, 16, 16, 16], ['Q'] = [14, 17, 17, 17, 21, 18, 13], ['R'] = [30, 17, 17, 30, 20, 18, 17],
        ['S'] = [15, 16, 16, 14, 1, 1, 30], ['T'] = [31, 4, 4, 4, 4, 4, 4], ['U'] = [17, 17, 17, 17, 17, 17, 14],
        ['V'] = [17, 17, 17, 17, 17, 10, 4], ['W'] = [17, 17, 17, 21, 21, 21, 10], ['X'] = [17, 17, 10, 4, 10, 17, 17],
        ['Y'] = [17, 17, 10, 4, 4, 4, 4], ['Z'] = [31, 1, 2, 4, 8, 16, 31],
        ['0'] = [14, 17, 19, 21, 25, 17, 14], ['1'] = [4, 12, 4, 4, 4, 4, 14], ['2'] = [14, 17, 1, 2, 4, 8, 31],
        ['3'] = [31, 2, 4, 2, 1, 17, 14], ['4'] = [2, 6, 10, 18, 31, 2, 2], ['5'] = [31, 16, 30, 1, 1, 17, 14],
        ['6'] = [6, 8, 16, 30, 17, 17, 14], ['7'] = [31, 1, 2, 4, 8, 8, 8], ['8'] = [14, 17, 17, 14, 17, 17, 14],
        ['9'] = [14, 17, 17, 15, 1, 2, 12], [' '] = [0, 0, 0, 0, 0, 0, 0],
    };

    /// <summary>Returns the strokes of a letter: lines between adjacent points of the grid.</summary>
    public static IEnumerable<((int Column, int Row) From, (int Column, int Row) To)> Strokes(char letter)
    {
        var rows = Glyphs[letter];
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
            {
                if (!IsSet(rows, column, row))
                    continue;
                yield return ((column, row), (column, row));
                if (IsSet(rows, column + 1, row))
                    yield return ((column, row), (column + 1, row));
                if (IsSet(rows, column, row + 1))
                    yield return ((column, row), (column, row + 1));
                foreach (var side in new[] { -1, 1 })
                    // A diagonal line only if no horizontal and vertical lines connect the two points.
                    if (IsSet(rows, column + side, row + 1) && !IsSet(rows, column + side, row) && !IsSet(rows, column, row + 1))
                        yield return ((column, row), (column + side, row + 1));
            }
    }

    private static bool IsSet(byte[] rows, int column, int row)
        => column is >= 0 and < Columns && row is >= 0 and < Rows && (rows[row] >> (Columns - 1 - column) & 1) == 1;
}
