using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <inheritdoc />
    public partial class SoundMoments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "sound_moments",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    index_id = table.Column<string>(type: "text", nullable: false),
                    video_id = table.Column<string>(type: "text", nullable: false),
                    start = table.Column<double>(type: "double precision", nullable: false),
                    end = table.Column<double>(type: "double precision", nullable: false),
                    classes = table.Column<short[]>(type: "smallint[]", nullable: false),
                    scores = table.Column<float[]>(type: "real[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sound_moments", x => x.id);
                    table.ForeignKey(
                        name: "fk_sound_moments_video_id",
                        column: x => x.video_id,
                        principalTable: "videos",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sound_moments_classes",
                table: "sound_moments",
                column: "classes")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_sound_moments_index_id_video_id",
                table: "sound_moments",
                columns: new[] { "index_id", "video_id" });

            migrationBuilder.CreateIndex(
                name: "ix_sound_moments_video_id_start",
                table: "sound_moments",
                columns: new[] { "video_id", "start" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sound_moments");
        }
    }
}
