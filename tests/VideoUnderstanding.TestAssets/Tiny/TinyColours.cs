namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A colour that the tiny picture model distinguishes, with the words for it in the tiny text model.</summary>
/// <param name="Red">0 to 255, like <paramref name="Green"/> and <paramref name="Blue"/>.</param>
public sealed record TinyColour(byte Red, byte Green, byte Blue, params string[] Words)
{
    public string Name => Words[0];
}

/// <summary>All colours that the tiny picture model can distinguish.</summary>
public static class TinyColours
{
    public static IReadOnlyList<TinyColour> All { get; } =
    [
        new(200, 30, 30, "red", "crimson", "scarlet"),
        new(30, 150, 50, "green", "emerald"),
        new(30, 50, 190, "blue", "navy", "azure"),
        new(225, 205, 40, "yellow", "golden"),
        new(120, 40, 150, "purple", "violet"),
        new(235, 130, 30, "orange", "amber"),
        new(20, 20, 20, "black", "dark"),
        new(240, 240, 240, "white", "snowy"),
        new(128, 128, 128, "grey", "gray"),
        new(110, 70, 40, "brown", "chestnut"),
        new(40, 180, 190, "cyan", "turquoise"),
        new(230, 120, 170, "pink", "rose"),
    ];

    public static TinyColour Named(string name) => All.Single(colour => colour.Name == name);
}
