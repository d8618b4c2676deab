namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Pixels at which the luminance changes sharply in horizontal direction.</summary>
internal sealed class EdgeMap(int width, int height, bool[] edges)
{
    public static EdgeMap Detect(GrayPicture picture, int strength)
    {
        var edges = new bool[picture.Width * picture.Height];
        for (var y = 0; y < picture.Height; y++)
        {
            var row = picture.Row(y);
            var target = edges.AsSpan(y * picture.Width, picture.Width);
            for (var x = 1; x < row.Length - 1; x++)
                target[x] = Math.Abs(row[x + 1] - row[x - 1]) >= strength;
        }
        return new EdgeMap(picture.Width, picture.Height, edges);
    }

    /// <summary>Number of runs of edge pixels inside the box: one for each side of a vertical stroke.</summary>
    public int Count(TextBox box)
    {
        var count = 0;
        for (var y = box.Top; y < box.Bottom; y++)
        {
            for (var x = Math.Max(1, box.Left); x < box.Right; x++)
            {
                if (edges[y * width + x] && !edges[y * width + x - 1])
                    count++;
            }
        }
        return count;
    }

    /// <summary>Connected regions after the gaps between the edges of each row are filled.</summary>
    /// <param name="reach">Largest gap that is filled; shorter runs are ignored.</param>
    public IEnumerable<Blob> Blobs(int reach)
    {
        var parents = new List<int>();
        var runs = new List<Run>();
        var previous = (First: 0, End: 0);
        for (var y = 0; y < height; y++)
        {
            var first = runs.Count;
            AddRuns(runs, y, reach);
            for (var i = first; i < runs.Count; i++)
                parents.Add(i);
            Connect(runs, parents, previous, (first, runs.Count));
            previous = (first, runs.Count);
        }
        return Collect(runs, parents);
    }

    private static IEnumerable<Blob> Collect(List<Run> runs, List<int> parents)
    {
        var blobs = new Dictionary<int, Blob>();
        for (var i = 0; i < runs.Count; i++)
        {
            var (run, root) = (runs[i], Root(parents, i));
            var box = new TextBox(run.Left, run.Y, run.Right, run.Y + 1);
            blobs[root] = blobs.TryGetValue(root, out var blob)
                ? new Blob(blob.Box.Union(box), blob.Pixels + box.Width)
                : new Blob(box, box.Width);
        }
        return blobs.Values;
    }

    private void AddRuns(List<Run> runs, int y, int reach)
    {
        var row = edges.AsSpan(y * width, width);
        var (start, last) = (-1, -1);
        for (var x = 0; x <= width; x++)
        {
            var isEdge = x < width && row[x];
            if (start >= 0 && (x == width || x - last > reach) && !isEdge)
            {
                if (last + 1 - start >= reach / 2)
                    runs.Add(new Run(y, start, last + 1));
                start = -1;
            }
            if (isEdge)
                (start, last) = (start < 0 ? x : start, x);
        }
    }

    private static void Connect(List<Run> runs, List<int> parents, (int First, int End) above, (int First, int End) below)
    {
        for (int i = above.First, j = below.First; i < above.End && j < below.End;)
        {
            if (runs[i].Left < runs[j].Right && runs[j].Left < runs[i].Right)
                parents[Root(parents, j)] = Root(parents, i);
            if (runs[i].Right < runs[j].Right)
                i++;
            else
                j++;
        }
    }

    private static int Root(List<int> parents, int i)
    {
        while (parents[i] != i)
            i = parents[i] = parents[parents[i]];
        return i;
    }

    private readonly record struct Run(int Y, int Left, int Right);
}

/// <summary>A connected region.</summary>
/// <param name="Pixels">Number of pixels of the region.</param>
internal readonly record struct Blob(TextBox Box, long Pixels);
