using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class TextSegmentConfiguration : IEntityTypeConfiguration<TextSegment>
{
    public void Configure(EntityTypeBuilder<TextSegment> segment)
    {
        segment.ToTable("text_segments");
        segment.HasOne<Video>().WithMany().HasForeignKey(row => row.VideoId).OnDelete(DeleteBehavior.Cascade);
        segment.Property(row => row.Source).HasConversion(LowerCase.Of<TextSource>());
        // The length and the vector index follow once the model is known: VectorColumns.
        segment.Property(row => row.Embedding).HasColumnType("halfvec");
        segment.HasIndex(row => new { row.IndexId, row.VideoId });
        segment.HasIndex(row => new { row.VideoId, row.Source, row.Number });
        // Exact phrases are found by whole words (to_tsvector('simple', text)), screen text also by parts of words.
        segment.HasIndex(row => row.Text, "ix_text_segments_words").HasMethod("gin").IsTsVectorExpressionIndex("simple");
        segment.HasIndex(row => row.Text, "ix_text_segments_trigrams").HasMethod("gin").HasOperators("gin_trgm_ops");
    }
}
