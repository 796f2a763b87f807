<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru_RU">
<context>
    <name>AboutWindow</name>
    <message>
        <source>About HistoViewer</source>
        <translation>О программе HistoViewer</translation>
    </message>
    <message>
        <source>About the program and its model</source>
        <translation>О программе и её модели</translation>
    </message>
    <message>
        <source>Show &amp;patients</source>
        <translation>Показать &amp;пациентов</translation>
    </message>
    <message>
        <source>Name the patients that the model was trained on</source>
        <translation>Назвать пациентов, на которых обучена модель</translation>
    </message>
    <message>
        <source>For research use only, not for diagnosis.</source>
        <translation>Только для исследований, не для диагностики.</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Копировать</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Закрыть</translation>
    </message>
</context>
<context>
    <name>AgreementWindow</name>
    <message>
        <source>Agreement</source>
        <translation>Согласованность</translation>
    </message>
    <message>
        <source>Nothing of this source has been decided yet.</source>
        <translation>По этому источнику ещё нет решений.</translation>
    </message>
    <message>
        <source>Reviewer</source>
        <translation>Эксперт</translation>
    </message>
    <message>
        <source>Decided</source>
        <translation>С решением</translation>
    </message>
    <message>
        <source>Corrected</source>
        <translation>Исправленные</translation>
    </message>
    <message>
        <source>κ with the model</source>
        <translation>κ с моделью</translation>
    </message>
    <message>
        <source>Time a patch</source>
        <translation>Время на фрагмент</translation>
    </message>
    <message>
        <source>Reviewers</source>
        <translation>Эксперты</translation>
    </message>
    <message>
        <source>Reviewers among themselves</source>
        <translation>Эксперты между собой</translation>
    </message>
    <message>
        <source>Decided by both</source>
        <translation>Решено обоими</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>Одинаково</translation>
    </message>
    <message>
        <source>κ</source>
        <translation>κ</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Закрыть</translation>
    </message>
    <message>
        <source>No source open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>{decided}, {unsure} of them unsure</source>
        <translation>{decided}, из них не уверен: {unsure}</translation>
    </message>
    <message>
        <source>s</source>
        <comment>seconds</comment>
        <translation>с</translation>
    </message>
    <message>
        <source>Corrected: decided as the class that the model&apos;s answer at {threshold} is not.</source>
        <translation>Исправлено: решён класс, которому не соответствует ответ модели при пороге {threshold}.</translation>
    </message>
    <message>
        <source>κ (Cohen): agreement beyond chance; none where both said one class only.</source>
        <translation>κ (Коэна): согласие сверх случайного; его нет, где оба называли только один класс.</translation>
    </message>
    <message>
        <source>Time: median between two decisions, without pauses over five minutes.</source>
        <translation>Время: медиана между двумя решениями, без пауз дольше пяти минут.</translation>
    </message>
    <message>
        <source>Of each patch a reviewer&apos;s latest decision is counted.</source>
        <translation>Из решений эксперта о фрагменте считается последнее.</translation>
    </message>
</context>
<context>
    <name>AreaMark</name>
    <message>
        <source>brush: drag marks, Ctrl+drag takes away, [ ] size</source>
        <translation>кисть: протянуть – отметить, Ctrl – снять, [ ] размер</translation>
    </message>
    <message>
        <source>Esc: leave</source>
        <translation>Esc: выйти</translation>
    </message>
</context>
<context>
    <name>BlindMark</name>
    <message>
        <source>blind: answers are hidden</source>
        <translation>вслепую: ответы скрыты</translation>
    </message>
    <message>
        <source>Shift+B: show</source>
        <translation>Shift+B: показать</translation>
    </message>
</context>
<context>
    <name>BrushActions</name>
    <message>
        <source>Brus&amp;h</source>
        <translation>К&amp;исть</translation>
    </message>
    <message>
        <source>Paint over patches to decide them together; Ctrl or Alt and drag takes away (D)</source>
        <translation>Закрасить фрагменты, чтобы решить о них сразу; с Ctrl или Alt – снять (D)</translation>
    </message>
    <message>
        <source>&amp;Smaller brush</source>
        <translation>Кисть &amp;меньше</translation>
    </message>
    <message>
        <source>&amp;Larger brush</source>
        <translation>Кисть &amp;больше</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>scale unknown</source>
        <translation>масштаб неизвестен</translation>
    </message>
    <message>
        <source>file tag</source>
        <translation>из файла</translation>
    </message>
    <message>
        <source>objective power</source>
        <translation>по объективу</translation>
    </message>
    <message>
        <source>given by you</source>
        <translation>задан вами</translation>
    </message>
    <message>
        <source>data set</source>
        <translation>из набора данных</translation>
    </message>
    <message>
        <source>assumed for patches</source>
        <translation>принят для фрагментов</translation>
    </message>
    <message>
        <source>turned {angle}</source>
        <translation>повёрнут на {angle}</translation>
    </message>
    <message>
        <source>probability hidden</source>
        <translation>вероятность скрыта</translation>
    </message>
    <message>
        <source>probability {p}</source>
        <translation>вероятность {p}</translation>
    </message>
</context>
<context>
    <name>CommandList</name>
    <message>
        <source>Command list</source>
        <translation>Список команд</translation>
    </message>
    <message>
        <source>Type a part of a command, a menu or a key</source>
        <translation>Введите часть команды, меню или клавиши</translation>
    </message>
    <message>
        <source>Part of a command</source>
        <translation>Часть команды</translation>
    </message>
    <message>
        <source>No command has all of these words.</source>
        <translation>Нет команды, в которой есть все эти слова.</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Команды</translation>
    </message>
</context>
<context>
    <name>CommandMenu</name>
    <message>
        <source>&amp;Command list…</source>
        <translation>Список &amp;команд…</translation>
    </message>
</context>
<context>
    <name>CommandRow</name>
    <message>
        <source>The same on the command line</source>
        <translation>То же в командной строке</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>&amp;Копировать</translation>
    </message>
</context>
<context>
    <name>DataList</name>
    <message>
        <source>Data to train on</source>
        <translation>Данные для обучения</translation>
    </message>
    <message>
        <source>Add &amp;folder…</source>
        <translation>Добавить &amp;папку…</translation>
    </message>
    <message>
        <source>Add f&amp;iles…</source>
        <translation>Добавить &amp;файлы…</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>&amp;Убрать</translation>
    </message>
    <message>
        <source>Slides, and result files with reviews</source>
        <translation>Слайды и файлы результатов с разметкой</translation>
    </message>
</context>
<context>
    <name>DataSurveyor</name>
    <message>
        <source>The data cannot be looked at; the log says why.</source>
        <translation>Данные не удалось просмотреть; причина в журнале.</translation>
    </message>
</context>
<context>
    <name>DifferenceView</name>
    <message>
        <source>Slide of the maps</source>
        <translation>Слайд на картах</translation>
    </message>
    <message>
        <source>Heat map, old</source>
        <translation>Тепловая карта, прежняя</translation>
    </message>
    <message>
        <source>Heat map, new</source>
        <translation>Тепловая карта, новая</translation>
    </message>
    <message>
        <source>Difference: new minus old</source>
        <translation>Разность: новая минус прежняя</translation>
    </message>
    <message>
        <source>benign 0</source>
        <translation>доброкач. 0</translation>
    </message>
    <message>
        <source>malignant 1</source>
        <translation>злокач. 1</translation>
    </message>
    <message>
        <source>lower −1</source>
        <translation>ниже −1</translation>
    </message>
    <message>
        <source>higher +1</source>
        <translation>выше +1</translation>
    </message>
    <message>
        <source>{slide} (patches: {count})</source>
        <translation>{slide} (фрагментов: {count})</translation>
    </message>
    <message>
        <source>Each at its own threshold, the old model at {old} and the new one at {new}: {raised} patches are malignant for the new model alone, {lowered} for the old one alone.</source>
        <translation>При собственных порогах, {old} у прежней модели и {new} у новой: злокачественны только для новой модели фрагментов: {raised}, только для прежней: {lowered}.</translation>
    </message>
    <message>
        <source>Point at a patch to read both answers.</source>
        <translation>Наведите на фрагмент, чтобы увидеть оба ответа.</translation>
    </message>
    <message>
        <source>x {x}, y {y}: old {old}, new {new}, difference {difference}; truth: {truth}</source>
        <translation>x {x}, y {y}: прежняя {old}, новая {new}, разность {difference}; разметка: {truth}</translation>
    </message>
    <message>
        <source>malignant</source>
        <translation>злокачественный</translation>
    </message>
    <message>
        <source>benign</source>
        <translation>доброкачественный</translation>
    </message>
    <message>
        <source>both, of patches that overlap</source>
        <translation>оба, фрагменты перекрываются</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Drop a slide, an image or a folder of patches here</source>
        <translation>Перетащите сюда слайд, изображение или папку с фрагментами</translation>
    </message>
    <message>
        <source>For research use only, not for diagnosis</source>
        <translation>Только для исследований, не для диагностики</translation>
    </message>
    <message>
        <source>&amp;Open file…</source>
        <translation>&amp;Открыть файл…</translation>
    </message>
    <message>
        <source>Open fol&amp;der…</source>
        <translation>П&amp;апку…</translation>
    </message>
    <message>
        <source>&amp;Try the demo</source>
        <translation>Де&amp;мо-слайд</translation>
    </message>
</context>
<context>
    <name>EpochChart</name>
    <message>
        <source>Figures of each epoch</source>
        <translation>Показатели каждой эпохи</translation>
    </message>
    <message>
        <source>loss, validation</source>
        <translation>потери, валидация</translation>
    </message>
    <message>
        <source>loss, training</source>
        <translation>потери, обучение</translation>
    </message>
    <message>
        <source>ROC AUC</source>
        <translation>ROC AUC</translation>
    </message>
    <message>
        <source>balanced accuracy</source>
        <translation>сбаланс. точность</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>эпоха</translation>
    </message>
    <message>
        <source>best</source>
        <translation>лучшая</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>&amp;Export CSV…</source>
        <translation>&amp;Экспорт CSV…</translation>
    </message>
    <message>
        <source>E&amp;xport report…</source>
        <translation>Экспорт от&amp;чёта…</translation>
    </message>
    <message>
        <source>Export report as P&amp;DF…</source>
        <translation>Экспорт отчёта в P&amp;DF…</translation>
    </message>
    <message>
        <source>Export heat &amp;map…</source>
        <translation>Экспорт &amp;тепловой карты…</translation>
    </message>
    <message>
        <source>Export &amp;GeoJSON…</source>
        <translation>Экспорт &amp;GeoJSON…</translation>
    </message>
    <message>
        <source>Save a copy of the res&amp;ults…</source>
        <translation>&amp;Сохранить копию результатов…</translation>
    </message>
    <message>
        <source>Answers and reviews in one file, for somebody else: Review &gt; Take reviews…</source>
        <translation>Ответы и решения одним файлом, для другого человека: Решения &gt; Взять решения…</translation>
    </message>
</context>
<context>
    <name>Exporter</name>
    <message>
        <source>Export CSV</source>
        <translation>Экспорт CSV</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>HistoViewer results (*{suffix})</source>
        <translation>Результаты HistoViewer (*{suffix})</translation>
    </message>
    <message>
        <source>Save a copy of the results</source>
        <translation>Сохранить копию результатов</translation>
    </message>
    <message>
        <source>Export heat map</source>
        <translation>Экспорт тепловой карты</translation>
    </message>
    <message>
        <source>PNG (*.png)</source>
        <translation>PNG (*.png)</translation>
    </message>
    <message>
        <source>HTML (*.html)</source>
        <translation>HTML (*.html)</translation>
    </message>
    <message>
        <source>Export report</source>
        <translation>Экспорт отчёта</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Export report as PDF</source>
        <translation>Экспорт отчёта в PDF</translation>
    </message>
    <message>
        <source>GeoJSON for QuPath (*.geojson *.geojson.gz)</source>
        <translation>GeoJSON для QuPath (*.geojson *.geojson.gz)</translation>
    </message>
    <message>
        <source>Export GeoJSON</source>
        <translation>Экспорт GeoJSON</translation>
    </message>
    <message>
        <source>Copied the view: {size} px</source>
        <translation>Вид скопирован: {size} px</translation>
    </message>
    <message>
        <source>Save view</source>
        <translation>Сохранить вид</translation>
    </message>
    <message>
        <source>{path} is there already and was left as it is. Choose it by its whole name.</source>
        <translation>{path} уже существует и оставлен без изменений. Укажите имя файла полностью.</translation>
    </message>
    <message>
        <source>Wrote {path}</source>
        <translation>Записан файл {path}</translation>
    </message>
    <message>
        <source>Writing {path} failed unexpectedly; the log says why.</source>
        <translation>Не удалось записать {path} из-за непредвиденной ошибки; причина — в журнале.</translation>
    </message>
</context>
<context>
    <name>Eye</name>
    <message>
        <source>{name}: its colour profile cannot be used ({reason}); shown without it.</source>
        <translation>{name}: цветовой профиль использовать нельзя ({reason}); показано без него.</translation>
    </message>
</context>
<context>
    <name>FilterRow</name>
    <message>
        <source>File or patient</source>
        <translation>Файл, пациент</translation>
    </message>
    <message>
        <source>All patients</source>
        <translation>Все пациенты</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Все</translation>
    </message>
    <message>
        <source>Malignant</source>
        <translation>Злокачественные</translation>
    </message>
    <message>
        <source>Benign</source>
        <translation>Доброкачественные</translation>
    </message>
    <message>
        <source>Not judged</source>
        <translation>Без оценки</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>С ошибкой</translation>
    </message>
    <message>
        <source>Truth malignant</source>
        <translation>Разметка: злокач.</translation>
    </message>
    <message>
        <source>Truth benign</source>
        <translation>Разметка: доброкач.</translation>
    </message>
    <message>
        <source>Against the truth</source>
        <translation>Против разметки</translation>
    </message>
    <message>
        <source>Decided</source>
        <translation>С решением</translation>
    </message>
    <message>
        <source>Not decided</source>
        <translation>Без решения</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Не уверен</translation>
    </message>
    <message>
        <source>Corrected</source>
        <translation>Исправленные</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message>
        <source>Which class, at the threshold or by the truth, or what was decided</source>
        <translation>Какой класс, по порогу или по разметке, или какое решение</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Пациент</translation>
    </message>
    <message>
        <source>Patches of which patient</source>
        <translation>Фрагменты какого пациента показывать</translation>
    </message>
    <message>
        <source>Lowest probability</source>
        <translation>Наименьшая вероятность</translation>
    </message>
    <message>
        <source>Hide patches below this probability</source>
        <translation>Скрыть фрагменты с вероятностью ниже этой</translation>
    </message>
    <message>
        <source>Highest probability</source>
        <translation>Наибольшая вероятность</translation>
    </message>
    <message>
        <source>Hide patches above this probability</source>
        <translation>Скрыть фрагменты с вероятностью выше этой</translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation>Отбор по имени</translation>
    </message>
    <message>
        <source>Part of a file&apos;s or patient&apos;s name</source>
        <translation>Часть имени файла или пациента</translation>
    </message>
    <message>
        <source>Sho&amp;w</source>
        <translation>&amp;Показать</translation>
    </message>
    <message>
        <source>&amp;Probability</source>
        <translation>Веро&amp;ятность</translation>
    </message>
</context>
<context>
    <name>FolderScaleLine</name>
    <message>
        <source>Change…</source>
        <translation>Изменить…</translation>
    </message>
    <message>
        <source>Give all open slides that have it another scale; one alone: Classify &gt; Change scale…</source>
        <translation>Задать другой масштаб всем открытым слайдам с ним; одному: Классификация &gt; Изменить масштаб…</translation>
    </message>
    <message>
        <source>Change the scale</source>
        <translation>Изменить масштаб</translation>
    </message>
    <message>
        <source>Scale given for this folder: {mpp:g} µm/px</source>
        <translation>Масштаб, заданный для этой папки: {mpp:g} µm/px</translation>
    </message>
</context>
<context>
    <name>FullScreen</name>
    <message>
        <source>Full scr&amp;een</source>
        <translation>Полный &amp;экран</translation>
    </message>
    <message>
        <source>F11 or Esc leaves full screen</source>
        <translation>F11 или Esc — выйти из полноэкранного режима</translation>
    </message>
</context>
<context>
    <name>GalleryActions</name>
    <message>
        <source>Select &amp;all</source>
        <translation>Выделить &amp;все</translation>
    </message>
    <message>
        <source>&amp;Copy file names</source>
        <translation>&amp;Копировать имена файлов</translation>
    </message>
    <message>
        <source>&amp;Next group</source>
        <translation>С&amp;ледующая группа</translation>
    </message>
    <message>
        <source>&amp;Previous group</source>
        <translation>&amp;Предыдущая группа</translation>
    </message>
    <message>
        <source>C&amp;lose group</source>
        <translation>&amp;Свернуть группу</translation>
    </message>
    <message>
        <source>&amp;Open group</source>
        <translation>&amp;Развернуть группу</translation>
    </message>
    <message>
        <source>Clo&amp;se all groups</source>
        <translation>Свернуть вс&amp;е группы</translation>
    </message>
    <message>
        <source>Op&amp;en all groups</source>
        <translation>Развернуть все &amp;группы</translation>
    </message>
</context>
<context>
    <name>GhostSwitch</name>
    <message>
        <source>Scale &amp;ghost</source>
        <translation>&amp;Квадрат модели</translation>
    </message>
    <message>
        <source>The square that the model judges, and its pixels (G)</source>
        <translation>Квадрат, который оценивает модель, и его пиксели (G)</translation>
    </message>
</context>
<context>
    <name>HelpMenu</name>
    <message>
        <source>Show &amp;log</source>
        <translation>Показать &amp;журнал</translation>
    </message>
    <message>
        <source>&amp;About HistoViewer</source>
        <translation>&amp;О программе HistoViewer</translation>
    </message>
</context>
<context>
    <name>Histogram</name>
    <message>
        <source>Histogram of probabilities</source>
        <translation>Гистограмма вероятностей</translation>
    </message>
    <message>
        <source>Patches by probability; bar heights follow the square root of the count</source>
        <translation>Фрагменты по вероятности; высота столбца пропорциональна квадратному корню из числа</translation>
    </message>
</context>
<context>
    <name>InferenceThread</name>
    <message>
        <source>Classifying stopped unexpectedly; the log says why.</source>
        <translation>Классификация неожиданно прервалась; причина — в журнале.</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Legend of the heat map</source>
        <translation>Легенда тепловой карты</translation>
    </message>
    <message>
        <source>benign 0</source>
        <translation>доброкач. 0</translation>
    </message>
    <message>
        <source>malignant 1</source>
        <translation>злокач. 1</translation>
    </message>
    <message>
        <source>threshold {0}</source>
        <translation>порог {0}</translation>
    </message>
</context>
<context>
    <name>LettingGo</name>
    <message>
        <source>{name} stays open. Then close it again.</source>
        <translation>{name} остаётся открытым. После этого закройте его ещё раз.</translation>
    </message>
</context>
<context>
    <name>ListsRow</name>
    <message>
        <source>a JSON file with the lists</source>
        <translation>файл JSON со списками</translation>
    </message>
    <message>
        <source>Lists that lie in the data&apos;s folder, or beside it, are found.</source>
        <translation>Списки в папке данных или рядом с ней находятся сами.</translation>
    </message>
    <message>
        <source>This is no file of lists: train, validation and test.</source>
        <translation>Это не файл списков: train, validation и test.</translation>
    </message>
    <message>
        <source>Patients – training: {0}, validation: {1}, test: {2}.</source>
        <translation>Пациентов – обучение: {0}, валидация: {1}, тест: {2}.</translation>
    </message>
    <message>
        <source>Of these in the data: {0}, {1}, {2}.</source>
        <translation>Из них в данных: {0}, {1}, {2}.</translation>
    </message>
    <message>
        <source>Who is on none of the lists is left out.</source>
        <translation>Кого нет ни в одном списке, остаётся вне обучения.</translation>
    </message>
</context>
<context>
    <name>LogWindow</name>
    <message>
        <source>Log of this start</source>
        <translation>Журнал с момента запуска</translation>
    </message>
    <message>
        <source>Nothing of this kind has happened since the start.</source>
        <translation>Ничего такого с момента запуска не было.</translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation>Открыть п&amp;апку</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Всё</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Предупреждения и ошибки</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Ошибки</translation>
    </message>
    <message>
        <source>Lines of the log</source>
        <translation>Строки журнала</translation>
    </message>
    <message>
        <source>Not written to a file.</source>
        <translation>В файл не записывается.</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Показать</translation>
    </message>
    <message>
        <source>&amp;Copy all</source>
        <translation>&amp;Копировать всё</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Закрыть</translation>
    </message>
</context>
<context>
    <name>LookMark</name>
    <message>
        <source>1: back</source>
        <translation>1: вернуть</translation>
    </message>
</context>
<context>
    <name>LookMenu</name>
    <message>
        <source>&amp;Brightness and contrast…</source>
        <translation>&amp;Яркость и контраст…</translation>
    </message>
    <message>
        <source>Brightness, contrast and gamma of what is shown (Shift+C)</source>
        <translation>Яркость, контраст и гамма изображения на экране (Shift+C)</translation>
    </message>
    <message>
        <source>Colour &amp;profile of the file</source>
        <translation>Цветовой &amp;профиль файла</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Цвета</translation>
    </message>
    <message>
        <source>&amp;Original</source>
        <translation>&amp;Исходные</translation>
    </message>
    <message>
        <source>All colours; again: brightness as it was, too (1)</source>
        <translation>Все цвета; ещё раз — и исходная яркость (1)</translation>
    </message>
    <message>
        <source>&amp;Haematoxylin</source>
        <translation>&amp;Гематоксилин</translation>
    </message>
    <message>
        <source>What haematoxylin takes out of the light (2)</source>
        <translation>Что из света поглощает гематоксилин (2)</translation>
    </message>
    <message>
        <source>&amp;Eosin</source>
        <translation>&amp;Эозин</translation>
    </message>
    <message>
        <source>What eosin takes out of the light (3)</source>
        <translation>Что из света поглощает эозин (3)</translation>
    </message>
    <message>
        <source>&amp;Residual</source>
        <translation>&amp;Остаток</translation>
    </message>
    <message>
        <source>What neither of the two stains explains, four times as strong (4)</source>
        <translation>То, что не объясняют оба красителя, с усилением в четыре раза (4)</translation>
    </message>
    <message>
        <source>The colour profile in this file cannot be used: {0}</source>
        <translation>Цветовой профиль этого файла использовать нельзя: {0}</translation>
    </message>
    <message>
        <source>This file carries no colour profile</source>
        <translation>В этом файле нет цветового профиля</translation>
    </message>
    <message>
        <source>The profile in this file is the screen&apos;s own, sRGB: it changes nothing</source>
        <translation>Профиль этого файла совпадает с профилем экрана, sRGB: он ничего не меняет</translation>
    </message>
    <message>
        <source>Show the colours that the profile in the file means; the model is given them as stored</source>
        <translation>Показать цвета так, как велит профиль файла; модель получает их такими, как они записаны</translation>
    </message>
</context>
<context>
    <name>LookPanel</name>
    <message>
        <source>Brightness and contrast</source>
        <translation>Яркость и контраст</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Цвета</translation>
    </message>
    <message>
        <source>All colours, or one stain alone (1 to 4)</source>
        <translation>Все цвета или один краситель (от 1 до 4)</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>Яркость</translation>
    </message>
    <message>
        <source>Lighter or darker; white glass stays white when it is lighter</source>
        <translation>Светлее или темнее; при осветлении белое стекло остаётся белым</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Контраст</translation>
    </message>
    <message>
        <source>Further from middle grey, or nearer to it</source>
        <translation>Дальше от среднего серого или ближе к нему</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>Гамма</translation>
    </message>
    <message>
        <source>Above 1 the middle tones become lighter; black and white stay</source>
        <translation>Выше 1 средние тона светлее; чёрное и белое не меняются</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Сбросить</translation>
    </message>
    <message>
        <source>Brightness, contrast and gamma as they were</source>
        <translation>Исходные яркость, контраст и гамма</translation>
    </message>
    <message>
        <source>For the eye only: the model is given the pixels as the file stores them.</source>
        <translation>Только для глаза: модель получает пиксели такими, как они записаны в файле.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>S&amp;ources</source>
        <translation>Исто&amp;чники</translation>
    </message>
    <message>
        <source>&amp;Results</source>
        <translation>&amp;Результаты</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Файл</translation>
    </message>
    <message>
        <source>&amp;Open file…</source>
        <translation>&amp;Открыть файл…</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>Открыть &amp;папку…</translation>
    </message>
    <message>
        <source>&amp;Close source</source>
        <translation>&amp;Закрыть источник</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>В&amp;ыход</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Вид</translation>
    </message>
    <message>
        <source>&amp;Slide</source>
        <translation>&amp;Слайд</translation>
    </message>
    <message>
        <source>&amp;Patches</source>
        <translation>&amp;Фрагменты</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>&amp;Увеличить</translation>
    </message>
    <message>
        <source>&amp;Zoom out</source>
        <translation>У&amp;меньшить</translation>
    </message>
    <message>
        <source>Conto&amp;urs</source>
        <translation>Ко&amp;нтуры</translation>
    </message>
    <message>
        <source>Not everything was kept</source>
        <translation>Сохранено не всё</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>&amp;Вписать</translation>
    </message>
    <message>
        <source>&amp;Heat map</source>
        <translation>&amp;Тепловая карта</translation>
    </message>
    <message>
        <source>&amp;Classify</source>
        <comment>the menu</comment>
        <translation>&amp;Классификация</translation>
    </message>
    <message>
        <source>&amp;Classify</source>
        <translation>&amp;Оценить</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>Ос&amp;тановить</translation>
    </message>
    <message>
        <source>Change &amp;scale…</source>
        <translation>Изменить &amp;масштаб…</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Справка</translation>
    </message>
    <message>
        <source>Try the &amp;demo</source>
        <translation>Открыть &amp;демо-слайд</translation>
    </message>
    <message>
        <source>research use only, not for diagnosis</source>
        <translation>только для исследований, не для диагностики</translation>
    </message>
    <message>
        <source>This demo slide is synthetic: generated by the program, of no patient.</source>
        <translation>Этот демо-слайд искусственный: создан программой, пациента за ним нет.</translation>
    </message>
    <message>
        <source>Tab or Esc brings the panels back</source>
        <translation>Tab или Esc — вернуть панели</translation>
    </message>
</context>
<context>
    <name>MeasureRow</name>
    <message>
        <source>Length of the line</source>
        <translation>Длина линии</translation>
    </message>
    <message>
        <source>Unit of the length</source>
        <translation>Единица длины</translation>
    </message>
    <message>
        <source>&amp;Use</source>
        <translation>Пр&amp;именить</translation>
    </message>
    <message>
        <source>Use this scale (Enter)</source>
        <translation>Применить этот масштаб (Enter)</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Назад</translation>
    </message>
    <message>
        <source>Do not measure (Esc)</source>
        <translation>Не измерять (Esc)</translation>
    </message>
    <message>
        <source>= {mpp} µm/px</source>
        <translation>= {mpp} µm/px</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Deta&amp;ils</source>
        <translation>По&amp;дробнее</translation>
    </message>
    <message>
        <source>All messages in full, with paths and times</source>
        <translation>Все сообщения полностью, с путями и временем</translation>
    </message>
    <message>
        <source>&amp;Dismiss</source>
        <translation>Скр&amp;ыть</translation>
    </message>
    <message>
        <source>and {count} more: see Details</source>
        <translation>и ещё {count}: см. «Подробнее»</translation>
    </message>
    <message>
        <source>Messages in full: {count}</source>
        <translation>Сообщения полностью: {count}</translation>
    </message>
</context>
<context>
    <name>MessageDetails</name>
    <message>
        <source>Messages in full</source>
        <translation>Сообщения полностью</translation>
    </message>
    <message>
        <source>What the program did before: Help &gt; Show log.</source>
        <translation>Что программа делала до этого: Справка &gt; Показать журнал.</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>&amp;Копировать</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Модель</translation>
    </message>
    <message>
        <source>{title} (the program&apos;s own)</source>
        <translation>{title} (из поставки программы)</translation>
    </message>
    <message>
        <source>{new} is used from the next start on; until then {old} is.</source>
        <translation>{new} будет использоваться со следующего запуска; до него – {old}.</translation>
    </message>
</context>
<context>
    <name>OpeningLine</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Stop opening; what is open already stays (Esc)</source>
        <translation>Прервать открытие; что уже открыто, останется (Esc)</translation>
    </message>
    <message>
        <source>Opening {name}…</source>
        <translation>Открывается {name}…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Прерывается…</translation>
    </message>
</context>
<context>
    <name>OrderRow</name>
    <message>
        <source>{count} selected</source>
        <translation>выделено: {count}</translation>
    </message>
    <message>
        <source>Source order</source>
        <translation>По порядку</translation>
    </message>
    <message>
        <source>Highest probability</source>
        <translation>Сначала высокая</translation>
    </message>
    <message>
        <source>Lowest probability</source>
        <translation>Сначала низкая</translation>
    </message>
    <message>
        <source>Nearest the threshold</source>
        <translation>Ближе к порогу</translation>
    </message>
    <message>
        <source>Furthest from the truth</source>
        <translation>Дальше от разметки</translation>
    </message>
    <message>
        <source>Furthest from the review</source>
        <translation>Дальше от заключения</translation>
    </message>
    <message>
        <source>No groups</source>
        <translation>Без групп</translation>
    </message>
    <message>
        <source>By patient</source>
        <translation>По пациентам</translation>
    </message>
    <message>
        <source>By class</source>
        <translation>По классам</translation>
    </message>
    <message>
        <source>By truth</source>
        <translation>По разметке</translation>
    </message>
    <message>
        <source>Sort</source>
        <translation>Сортировка</translation>
    </message>
    <message>
        <source>Which patches come first</source>
        <translation>Какие фрагменты идут первыми</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Группы</translation>
    </message>
    <message>
        <source>Which patches stand together (Ctrl+Down and Ctrl+Up go from group to group)</source>
        <translation>Какие фрагменты стоят вместе (Ctrl+↓ и Ctrl+↑ — переход между группами)</translation>
    </message>
    <message>
        <source>Thumbnail size</source>
        <translation>Размер миниатюр</translation>
    </message>
    <message>
        <source>Thumbnail size (Ctrl and the wheel)</source>
        <translation>Размер миниатюр (Ctrl и колесо мыши)</translation>
    </message>
    <message>
        <source>Patches shown</source>
        <translation>Показано фрагментов</translation>
    </message>
    <message>
        <source>Patches selected</source>
        <translation>Выделено фрагментов</translation>
    </message>
    <message>
        <source>Ctrl or Shift and a click select more, Ctrl+A all; Ctrl+C copies their names</source>
        <translation>Щелчок с Ctrl или Shift выделяет ещё, Ctrl+A — все; Ctrl+C копирует имена</translation>
    </message>
    <message>
        <source>&amp;Sort</source>
        <translation>Сортировк&amp;а</translation>
    </message>
    <message>
        <source>Group b&amp;y</source>
        <translation>Гр&amp;уппы</translation>
    </message>
</context>
<context>
    <name>OutcomePage</name>
    <message>
        <source>Deta&amp;ils</source>
        <translation>По&amp;дробнее</translation>
    </message>
    <message>
        <source>Show &amp;report</source>
        <translation>Показать &amp;отчёт</translation>
    </message>
    <message>
        <source>&amp;Use this model</source>
        <translation>&amp;Использовать эту модель</translation>
    </message>
    <message>
        <source>&amp;Go on with it</source>
        <translation>&amp;Продолжить его</translation>
    </message>
    <message>
        <source>&amp;Another training</source>
        <translation>Другое о&amp;бучение</translation>
    </message>
    <message>
        <source>&amp;Back to the settings</source>
        <translation>&amp;Назад к настройкам</translation>
    </message>
    <message>
        <source>The new model is ready.</source>
        <translation>Новая модель готова.</translation>
    </message>
    <message>
        <source>What it was compared with cannot be read.</source>
        <translation>Не удаётся прочитать, с чем она сравнивалась.</translation>
    </message>
    <message>
        <source>It could not be compared: {reason}</source>
        <translation>Сравнить её не удалось: {reason}</translation>
    </message>
    <message>
        <source>new</source>
        <translation>новая</translation>
    </message>
    <message>
        <source>The maps cannot be read; the log says why.</source>
        <translation>Карты не удалось прочитать; причина в журнале.</translation>
    </message>
    <message>
        <source>Patients that neither model has seen.</source>
        <translation>Пациенты, которых не видела ни одна из моделей.</translation>
    </message>
    <message>
        <source>Patients new to the new model; the old one has seen them: its figures are too good.</source>
        <translation>Пациенты, новые для новой модели; прежняя их видела: её показатели завышены.</translation>
    </message>
    <message>
        <source>Patches: {patches}, malignant: {malignant}, patients: {count} ({patients}).</source>
        <translation>Фрагментов: {patches}, злокачественных: {malignant}, пациентов: {count} ({patients}).</translation>
    </message>
    <message>
        <source>old: {title}, threshold {threshold}</source>
        <translation>прежняя: {title}, порог {threshold}</translation>
    </message>
    <message>
        <source>new: {title}, threshold {threshold}</source>
        <translation>новая: {title}, порог {threshold}</translation>
    </message>
    <message>
        <source>The new model is ready. It is worse than the old one on these patients.</source>
        <translation>Новая модель готова. На этих пациентах она хуже прежней.</translation>
    </message>
    <message>
        <source>The new model is ready. It is better than the old one on these patients.</source>
        <translation>Новая модель готова. На этих пациентах она лучше прежней.</translation>
    </message>
    <message>
        <source>The new model is ready. These patients do not tell whether it is better than the old one.</source>
        <translation>Новая модель готова. Лучше ли она прежней, по этим пациентам сказать нельзя.</translation>
    </message>
    <message>
        <source>new minus old</source>
        <translation>новая минус старая</translation>
    </message>
    <message>
        <source>At its own threshold each, the old model alone is right about {old} patches and the new one alone about {new} (McNemar&apos;s exact test: p = {p}; patches of one patient are alike, so that p is rather too small). In brackets: 95 % intervals over patients.</source>
        <translation>Каждая при своём пороге: патчей, где права только старая модель, – {old}, где только новая, – {new} (точный критерий Мак-Немара: p = {p}; патчи одного пациента похожи, так что p скорее занижено). В скобках – 95%-е интервалы по пациентам.</translation>
    </message>
    <message>
        <source>Of so few patients the intervals say little: they are too narrow.</source>
        <translation>При столь малом числе пациентов интервалы мало о чём говорят: они слишком узки.</translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation> и ещё {count}</translation>
    </message>
    <message>
        <source>The training has ended with an error.</source>
        <translation>Обучение закончилось ошибкой.</translation>
    </message>
    <message>
        <source>The training has ended without saying why.</source>
        <translation>Обучение закончилось, не сообщив почему.</translation>
    </message>
    <message>
        <source>It was killed, the computer was switched off, or there was not enough memory.</source>
        <translation>Его прервали, компьютер был выключен или не хватило памяти.</translation>
    </message>
    <message>
        <source>Epochs that are kept: {count}. “Go on with it” begins behind the last of them.</source>
        <translation>Сохранено эпох: {count}. «Продолжить его» начнёт после последней из них.</translation>
    </message>
    <message>
        <source>ROC AUC</source>
        <translation>ROC AUC</translation>
    </message>
    <message>
        <source>Balanced accuracy</source>
        <translation>Сбалансированная точность</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>Чувствительность</translation>
    </message>
    <message>
        <source>Specificity</source>
        <translation>Специфичность</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>Brier score (lower is better)</source>
        <translation>Оценка Брайера (чем меньше, тем лучше)</translation>
    </message>
</context>
<context>
    <name>OverlayPanel</name>
    <message>
        <source>Overlay</source>
        <translation>Наложение</translation>
    </message>
    <message>
        <source>Heat m&amp;ap</source>
        <translation>Т&amp;епловая карта</translation>
    </message>
    <message>
        <source>Show the heat map over the slide (C)</source>
        <translation>Показать тепловую карту поверх слайда (C)</translation>
    </message>
    <message>
        <source>S&amp;mooth</source>
        <translation>Сгла&amp;живать</translation>
    </message>
    <message>
        <source>Blend neighbouring patches; off, each patch is one square</source>
        <translation>Плавные переходы между соседними фрагментами; без этого каждый фрагмент — квадрат</translation>
    </message>
    <message>
        <source>Only mali&amp;gnant</source>
        <translation>Вы&amp;ше порога</translation>
    </message>
    <message>
        <source>Leave patches below the threshold clear</source>
        <translation>Фрагменты ниже порога остаются прозрачными</translation>
    </message>
    <message>
        <source>Cont&amp;ours</source>
        <translation>Кон&amp;туры</translation>
    </message>
    <message>
        <source>Outline what reaches the threshold (O)</source>
        <translation>Обвести всё, что достигает порога (O)</translation>
    </message>
    <message>
        <source>Opacity of the heat map</source>
        <translation>Непрозрачность тепловой карты</translation>
    </message>
    <message>
        <source>Colours of the heat map</source>
        <translation>Цвета тепловой карты</translation>
    </message>
    <message>
        <source>Purple to yellow</source>
        <translation>Лилово-жёлтые</translation>
    </message>
    <message>
        <source>Blue to red</source>
        <translation>Сине-красные</translation>
    </message>
    <message>
        <source>Purple to orange</source>
        <translation>Лилово-оранжевые</translation>
    </message>
    <message>
        <source>Blue to yellow</source>
        <translation>Сине-жёлтые</translation>
    </message>
    <message>
        <source>Blue to green</source>
        <translation>Сине-зелёные</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Цвета</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Непрозрачность</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>Overview of the slide</source>
        <translation>Обзор слайда</translation>
    </message>
</context>
<context>
    <name>PatchGallery</name>
    <message>
        <source>Order out of date – sort again</source>
        <translation>Порядок устарел – сортировать заново</translation>
    </message>
    <message>
        <source>New results came in. Every patch keeps its place until you sort.</source>
        <translation>Пришли новые результаты. Фрагменты остаются на местах, пока вы не отсортируете их заново.</translation>
    </message>
    <message>
        <source>Patch gallery</source>
        <translation>Галерея фрагментов</translation>
    </message>
</context>
<context>
    <name>PatchPanel</name>
    <message>
        <source>Patch</source>
        <translation>Фрагмент</translation>
    </message>
    <message>
        <source>What it rests on is hidden, too</source>
        <translation>На чём он основан, тоже скрыто</translation>
    </message>
    <message>
        <source>Preparing the network&apos;s gradients: the first time takes some seconds…</source>
        <translation>Готовятся градиенты сети: в первый раз это несколько секунд…</translation>
    </message>
    <message>
        <source>Finding out what the answer rests on…</source>
        <translation>Выясняется, на чём основан ответ…</translation>
    </message>
    <message>
        <source>It cannot be said why: {reason}</source>
        <translation>Объяснить ответ нельзя: {reason}</translation>
    </message>
    <message>
        <source>{pro} speaks for malignancy, {contra} against.</source>
        <translation>{pro} говорит за злокачественность, {contra} против.</translation>
    </message>
    <message>
        <source>Covering it changes the answer for the patch alone by up to {most}.</source>
        <translation>Если закрыть, ответ для самого фрагмента изменится не более чем на {most}.</translation>
    </message>
    <message>
        <source>By gradients (Grad-CAM): coarse, and its strength has no unit.</source>
        <translation>По градиентам: грубо, сила без единицы измерения.</translation>
    </message>
    <message>
        <source>No place in it stands out.</source>
        <translation>Ни одно место в нём не выделяется.</translation>
    </message>
    <message>
        <source>{count} of {all}</source>
        <translation>{count} из {all}</translation>
    </message>
    <message>
        <source>Decided</source>
        <translation>С решением</translation>
    </message>
    <message>
        <source>Malignant</source>
        <translation>Злокачественных</translation>
    </message>
    <message>
        <source>Of those that the model has judged</source>
        <translation>Из оценённых моделью</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Решение</translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>без оценки</translation>
    </message>
    <message>
        <source>hidden until decided</source>
        <translation>скрыто до решения</translation>
    </message>
    <message>
        <source>malignant</source>
        <translation>злокачественный</translation>
    </message>
    <message>
        <source>benign</source>
        <translation>доброкачественный</translation>
    </message>
    <message>
        <source>The network&apos;s answer for this patch by itself, before its neighbours are looked at</source>
        <translation>Ответ сети по одному этому фрагменту, без учёта соседних</translation>
    </message>
    <message>
        <source>Alone</source>
        <translation>Без соседних</translation>
    </message>
    <message>
        <source>What this patient was to the model. Trained on: its answer here is no evidence</source>
        <translation>Чем этот пациент был для модели. Если она на нём обучалась, её ответ здесь ничего не доказывает</translation>
    </message>
    <message>
        <source>To the model</source>
        <translation>Для модели</translation>
    </message>
</context>
<context>
    <name>PatchPicture</name>
    <message>
        <source>Selected patch</source>
        <translation>Выбранный фрагмент</translation>
    </message>
    <message>
        <source>What the model is given: the file&apos;s own pixels, in no other colours</source>
        <translation>Что получает модель: пиксели файла, без изменения цветов</translation>
    </message>
    <message>
        <source>Patches are marked on the slide: what you decide is decided for all of them</source>
        <translation>На слайде выделены фрагменты: ваше решение будет принято для всех них</translation>
    </message>
    <message>
        <source>Click a patch on the slide or in Patches</source>
        <translation>Щёлкните фрагмент на слайде или во «Фрагментах»</translation>
    </message>
</context>
<context>
    <name>Peek</name>
    <message>
        <source>Tissue alone, while P is hel&amp;d</source>
        <translation>Только ткань, пока нажата &amp;P</translation>
    </message>
</context>
<context>
    <name>PlanCheck</name>
    <message>
        <source>Add the data: a folder whose patches are named or sorted by class, or reviews.</source>
        <translation>Добавьте данные: папку, где фрагменты названы или разложены по классам, либо решения экспертов.</translation>
    </message>
    <message>
        <source>Add the folder or slide, too, that the reviews are of.</source>
        <translation>Добавьте и папку или слайд, к которым относятся решения.</translation>
    </message>
    <message>
        <source>Looking at the data…</source>
        <translation>Данные просматриваются…</translation>
    </message>
    <message>
        <source>No patch in the data has a class or a review.</source>
        <translation>Ни у одного фрагмента в данных нет ни класса, ни решения эксперта.</translation>
    </message>
    <message>
        <source>To be tested on, but not in the data: {0}.</source>
        <translation>Указаны для проверки, но в данных их нет: {0}.</translation>
    </message>
    <message>
        <source>Everybody in the data is trained on, for their reviews: nobody is left to test on.</source>
        <translation>Из-за решений на обучение идут все пациенты в данных: проверить модель не на ком.</translation>
    </message>
    <message>
        <source>Patients left to be trained on: {0}. To split them, three or more are needed.</source>
        <translation>Для обучения остаётся пациентов: {0}. Чтобы разделить их, нужно не меньше трёх.</translation>
    </message>
    <message>
        <source>{0} is no file of ImageNet weights (.npz).</source>
        <translation>{0} — не файл весов ImageNet (.npz).</translation>
    </message>
    <message>
        <source>{0} is no recipe: name the config.json of a training.</source>
        <translation>{0} — не рецепт: укажите config.json какого-либо обучения.</translation>
    </message>
    <message>
        <source>Name a folder for the new model.</source>
        <translation>Укажите папку для новой модели.</translation>
    </message>
    <message>
        <source>{0} is no folder: name one for the new model.</source>
        <translation>{0} — не папка: укажите папку для новой модели.</translation>
    </message>
    <message>
        <source>Choose the file with the lists of patients.</source>
        <translation>Выберите файл со списками пациентов.</translation>
    </message>
    <message>
        <source>The file of lists names no patients for train, validation and test.</source>
        <translation>В файле списков не названы пациенты для train, validation и test.</translation>
    </message>
    <message>
        <source>Nobody in the data is on the training list of this file.</source>
        <translation>Никого из пациентов в данных нет в обучающем списке этого файла.</translation>
    </message>
</context>
<context>
    <name>PlanForm</name>
    <message>
        <source>Cho&amp;ose…</source>
        <translation>В&amp;ыбрать…</translation>
    </message>
    <message>
        <source>a folder that is empty or new</source>
        <translation>пустая или новая папка</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>&amp;Начать</translation>
    </message>
    <message>
        <source>By patient, at random: 60 % training, 20 % validation, 20 % test</source>
        <translation>По пациентам, случайно: 60 % обучение, 20 % валидация, 20 % тест</translation>
    </message>
    <message>
        <source>By patient, as published lists say</source>
        <translation>По пациентам, по опубликованным спискам</translation>
    </message>
    <message>
        <source>C&amp;hoose…</source>
        <translation>Выбра&amp;ть…</translation>
    </message>
    <message>
        <source>Lists of patients</source>
        <translation>Списки пациентов</translation>
    </message>
    <message>
        <source>names of patients, with spaces between</source>
        <translation>имена пациентов через пробел</translation>
    </message>
    <message>
        <source>The head alone, base frozen: minutes</source>
        <translation>Только голова, основа заморожена: минуты</translation>
    </message>
    <message>
        <source>Head, then the last block with it: longer</source>
        <translation>Голова, затем с ней последний блок: дольше</translation>
    </message>
    <message>
        <source>Head, then everything: hours, perhaps, without a GPU</source>
        <translation>Голова, затем всё: без GPU, возможно, часы</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>без предела</translation>
    </message>
    <message>
        <source> min</source>
        <translation> мин</translation>
    </message>
    <message>
        <source>When it is over, the best epoch so far becomes the model; the first one is finished.</source>
        <translation>Когда оно истечёт, моделью станет лучшая эпоха; первая завершается.</translation>
    </message>
    <message>
        <source>Choos&amp;e…</source>
        <translation>Выбр&amp;ать…</translation>
    </message>
    <message>
        <source>ImageNet weights of VGG16</source>
        <translation>Веса VGG16 с ImageNet</translation>
    </message>
    <message>
        <source>downloaded once by Keras, 59 MB</source>
        <translation>один раз загрузит Keras, 59 МБ</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>&amp;Выбрать…</translation>
    </message>
    <message>
        <source>Recipe of a training</source>
        <translation>Рецепт обучения</translation>
    </message>
    <message>
        <source>a file in place of the settings above; none is needed</source>
        <translation>файл вместо настроек выше; не обязателен</translation>
    </message>
    <message>
        <source>head</source>
        <translation>голова</translation>
    </message>
    <message>
        <source>blocks</source>
        <translation>блоки</translation>
    </message>
    <message>
        <source>time</source>
        <translation>время</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Данные</translation>
    </message>
    <message>
        <source>S&amp;plit</source>
        <translation>Раз&amp;биение</translation>
    </message>
    <message>
        <source>&amp;Lists</source>
        <translation>&amp;Списки</translation>
    </message>
    <message>
        <source>Test on these, &amp;too</source>
        <translation>&amp;Тест также на</translation>
    </message>
    <message>
        <source>Tr&amp;ain</source>
        <translation>О&amp;бучать</translation>
    </message>
    <message>
        <source>From ImageNet weights, on this data alone. The model in use is compared, not trained on.</source>
        <translation>С весов ImageNet и только на этих данных: новая модель сравнивается с нынешней, но не продолжает её.</translation>
    </message>
    <message>
        <source>Epochs and time, at most</source>
        <translation>Эпох и времени, не более</translation>
    </message>
    <message>
        <source>ImageNet &amp;weights</source>
        <translation>В&amp;еса ImageNet</translation>
    </message>
    <message>
        <source>&amp;Recipe</source>
        <translation>Ре&amp;цепт</translation>
    </message>
    <message>
        <source>New mo&amp;del&apos;s folder</source>
        <translation>Папка новой мо&amp;дели</translation>
    </message>
    <message>
        <source>Looking at the data…</source>
        <translation>Данные просматриваются…</translation>
    </message>
    <message>
        <source>Patients whose patches have a class or a review: {0}</source>
        <translation>Пациентов, чьи фрагменты имеют класс или решение: {0}</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Команда</translation>
    </message>
    <message>
        <source>Re&amp;views of what is open (decisions: {count})</source>
        <translation>&amp;Решения об открытом ({count})</translation>
    </message>
    <message>
        <source>Re&amp;views of what is open (none)</source>
        <translation>&amp;Решения об открытом (нет)</translation>
    </message>
    <message>
        <source>An empty folder for the training</source>
        <translation>Пустая папка для обучения</translation>
    </message>
</context>
<context>
    <name>ProgressPage</name>
    <message>
        <source>It goes on when this window or the program is closed.</source>
        <translation>Продолжится и после закрытия этого окна или программы.</translation>
    </message>
    <message>
        <source>Stop &amp;early: keep the best</source>
        <translation>&amp;Закончить раньше: сохранить лучшее</translation>
    </message>
    <message>
        <source>Trains no further, and makes a model of the best epoch so far</source>
        <translation>Дальше не обучает и делает модель из лучшей на данный момент эпохи</translation>
    </message>
    <message>
        <source>&amp;Cancel: keep nothing</source>
        <translation>&amp;Отменить: ничего не сохранять</translation>
    </message>
    <message>
        <source>Ends it at once, and removes its folder</source>
        <translation>Прерывает сразу и удаляет папку обучения</translation>
    </message>
    <message>
        <source>Ending, nothing is kept…</source>
        <translation>Прерывается, ничего не сохраняется…</translation>
    </message>
    <message>
        <source>Stopping: the first epoch is finished, so that there is one to keep.</source>
        <translation>Остановка: первая эпоха доводится до конца, чтобы было что сохранить.</translation>
    </message>
    <message>
        <source>Stopping: the best epoch is kept.</source>
        <translation>Остановка: сохраняется лучшая эпоха.</translation>
    </message>
    <message>
        <source>Reading patches: {done} of {total}</source>
        <translation>Чтение патчей: {done} из {total}</translation>
    </message>
    <message>
        <source>What the frozen base says of each patch: {done} of {total}</source>
        <translation>Признаки замороженной основы: {done} из {total}</translation>
    </message>
    <message>
        <source>Calibrating, and making the model…</source>
        <translation>Калибровка и создание модели…</translation>
    </message>
    <message>
        <source>Comparing with the model in use…</source>
        <translation>Сравнение с используемой моделью…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Запуск…</translation>
    </message>
    <message>
        <source>Part {place} of {parts}, epoch {epoch} of at most {epochs}</source>
        <translation>Часть {place} из {parts}, эпоха {epoch} не более чем из {epochs}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>осталось около {time}</translation>
    </message>
    <message>
        <source>about {time} left of it</source>
        <translation>до её конца около {time}</translation>
    </message>
    <message>
        <source>training</source>
        <translation>обучение</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>валидация</translation>
    </message>
    <message>
        <source>test</source>
        <translation>тест</translation>
    </message>
    <message>
        <source>{side} – patients: {patients}, patches: {patches}, malignant: {malignant}</source>
        <translation>{side} – пациентов: {patients}, патчей: {patches}, злокачественных: {malignant}</translation>
    </message>
    <message>
        <source>on none of the lists, left out – patients: {count} ({patients})</source>
        <translation>нет ни в одном списке, не участвуют – пациентов: {count} ({patients})</translation>
    </message>
    <message>
        <source>Figures come with the first epoch.</source>
        <translation>Показатели появятся с первой эпохой.</translation>
    </message>
    <message>
        <source>Last epoch: {figures}</source>
        <translation>Последняя эпоха: {figures}</translation>
    </message>
    <message>
        <source>Best so far, epoch {epoch}: {figures}</source>
        <translation>Лучшая пока, эпоха {epoch}: {figures}</translation>
    </message>
    <message>
        <source>loss on validation</source>
        <translation>потери на валидации</translation>
    </message>
    <message>
        <source>ROC AUC</source>
        <translation>ROC AUC</translation>
    </message>
    <message>
        <source>balanced accuracy at 0.5</source>
        <translation>сбалансированная точность при 0,5</translation>
    </message>
</context>
<context>
    <name>ReadingLine</name>
    <message>
        <source>Cancel</source>
        <translation>Отмена</translation>
    </message>
    <message>
        <source>Stop reading; no review is taken</source>
        <translation>Прервать чтение; заключения не берутся</translation>
    </message>
    <message>
        <source>Reading reviews in {name}…</source>
        <translation>Чтение заключений из {name}…</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Open &amp;recent</source>
        <translation>Открыть &amp;недавние</translation>
    </message>
    <message>
        <source>Nothing has been opened yet</source>
        <translation>Пока ничего не открывали</translation>
    </message>
    <message>
        <source>&amp;Clear list</source>
        <translation>&amp;Очистить список</translation>
    </message>
    <message>
        <source>{path}   (not found)</source>
        <translation>{path}   (не найдено)</translation>
    </message>
</context>
<context>
    <name>RestoreOffer</name>
    <message>
        <source>&amp;Bring back what was open</source>
        <translation>Восстановить, что &amp;было открыто</translation>
    </message>
    <message>
        <source>Forget &amp;it</source>
        <translation>&amp;Забыть</translation>
    </message>
    <message>
        <source>Results are kept: they are there when the same path is opened again</source>
        <translation>Результаты сохранены: они появятся, когда тот же путь будет открыт снова</translation>
    </message>
    <message>
        <source>HistoViewer ended unexpectedly. Open were: {names}.</source>
        <translation>HistoViewer неожиданно завершился. Было открыто: {names}.</translation>
    </message>
</context>
<context>
    <name>ResultPanel</name>
    <message>
        <source>Result</source>
        <translation>Результат</translation>
    </message>
    <message>
        <source>⚠ Results of this source are not kept</source>
        <translation>⚠ Результаты этого источника не сохраняются</translation>
    </message>
    <message>
        <source>&amp;Threshold</source>
        <translation>Поро&amp;г</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Порог</translation>
    </message>
    <message>
        <source>A patch at or above this probability counts as malignant</source>
        <translation>Фрагмент с такой вероятностью или выше считается злокачественным</translation>
    </message>
    <message>
        <source>No source open</source>
        <translation>Ничего не открыто</translation>
    </message>
    <message>
        <source>Scale needed</source>
        <translation>Нужен масштаб</translation>
    </message>
    <message>
        <source>Nothing to judge</source>
        <translation>Нечего оценивать</translation>
    </message>
    <message>
        <source>Not classified</source>
        <translation>Не оценён</translation>
    </message>
    <message>
        <source>0 of {patches} judged</source>
        <translation>Оценено 0 из {patches}</translation>
    </message>
    <message>
        <source>{malignant} of {judged}</source>
        <translation>{malignant} из {judged}</translation>
    </message>
    <message>
        <source>{decided} of {judged} decided</source>
        <translation>решено {decided} из {judged}</translation>
    </message>
    <message>
        <source>answers are hidden (Review &gt; Blind)</source>
        <translation>ответы скрыты (Решения &gt; Вслепую)</translation>
    </message>
    <message>
        <source>malignant: {share}</source>
        <translation>злокачественных: {share}</translation>
    </message>
    <message>
        <source>⚠ {waiting} not judged: F5 goes on</source>
        <translation>⚠ не оценено: {waiting}, продолжить — F5</translation>
    </message>
    <message>
        <source>{failed} unreadable</source>
        <translation>не прочитано: {failed}</translation>
    </message>
    <message>
        <source>patient {name}: {decided}</source>
        <translation>пациент {name}: {decided}</translation>
    </message>
    <message>
        <source>patient {name}: {malignant} of {judged}</source>
        <translation>пациент {name}: {malignant} из {judged}</translation>
    </message>
    <message>
        <source>patient {name}: 0 of {patches} judged</source>
        <translation>пациент {name}: оценено 0 из {patches}</translation>
    </message>
    <message>
        <source>patient {name}: not classified</source>
        <translation>пациент {name}: не оценён</translation>
    </message>
    <message>
        <source>at {threshold:.2f}:</source>
        <translation>при {threshold:.2f}:</translation>
    </message>
    <message>
        <source>nearest measured: {threshold:.2f},</source>
        <translation>ближайший измеренный: {threshold:.2f},</translation>
    </message>
    <message>
        <source>In brackets 95 % intervals: what other patients like these may give</source>
        <translation>В скобках 95 %-интервалы: что могут дать другие такие пациенты</translation>
    </message>
    <message>
        <source>The model&apos;s card has no intervals</source>
        <translation>В карточке модели нет интервалов</translation>
    </message>
    <message>
        <source>The model&apos;s card has intervals at its own threshold only, {threshold}</source>
        <translation>В карточке модели интервалы только при её пороге, {threshold}</translation>
    </message>
</context>
<context>
    <name>ReviewMenu</name>
    <message>
        <source>&amp;Malignant</source>
        <translation>&amp;Злокачественный</translation>
    </message>
    <message>
        <source>Malignant</source>
        <comment>a button</comment>
        <translation>Злокач.</translation>
    </message>
    <message>
        <source>&amp;Benign</source>
        <translation>&amp;Доброкачественный</translation>
    </message>
    <message>
        <source>Benign</source>
        <comment>a button</comment>
        <translation>Доброкач.</translation>
    </message>
    <message>
        <source>&amp;Unsure</source>
        <translation>&amp;Не уверен</translation>
    </message>
    <message>
        <source>Unsure</source>
        <comment>a button</comment>
        <translation>Не уверен</translation>
    </message>
    <message>
        <source>&amp;Clear decision</source>
        <translation>&amp;Снять решение</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Снять</translation>
    </message>
    <message>
        <source>&amp;Next uncertain</source>
        <translation>Следующий сомни&amp;тельный</translation>
    </message>
    <message>
        <source>Bl&amp;ind</source>
        <translation>&amp;Вслепую</translation>
    </message>
    <message>
        <source>Hide the model&apos;s answer for a patch until it is decided (Shift+B)</source>
        <translation>Скрывать ответ модели для фрагмента, пока по нему нет решения (Shift+B)</translation>
    </message>
    <message>
        <source>&amp;Agreement…</source>
        <translation>Со&amp;гласованность…</translation>
    </message>
    <message>
        <source>No truth is known here that the model could be held against.</source>
        <translation>Разметки, с которой можно сравнить модель, здесь нет.</translation>
    </message>
    <message>
        <source>&amp;Next undecided</source>
        <translation>Следующий &amp;без решения</translation>
    </message>
    <message>
        <source>The next undecided patch, in the order of the source (N)</source>
        <translation>Следующий фрагмент без решения, в порядке источника (N)</translation>
    </message>
    <message>
        <source>The undecided patch nearest the threshold (N)</source>
        <translation>Фрагмент без решения, ближайший к порогу (N)</translation>
    </message>
    <message>
        <source>Next &amp;disagreement</source>
        <translation>Следующее &amp;расхождение</translation>
    </message>
    <message>
        <source>The undecided patch whose truth is not the answer (Shift+N)</source>
        <translation>Фрагмент без решения, истина которого расходится с ответом (Shift+N)</translation>
    </message>
    <message>
        <source>&amp;Go on after deciding</source>
        <translation>Посл&amp;е решения — дальше</translation>
    </message>
    <message>
        <source>From a patch that “Next” led to, to the next one</source>
        <translation>От фрагмента, к которому привёл «Следующий», к следующему за ним</translation>
    </message>
    <message>
        <source>Und&amp;o</source>
        <translation>&amp;Отменить</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Повторить</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>&amp;Решения</translation>
    </message>
    <message>
        <source>No undecided patch is judged against its truth.</source>
        <translation>Не осталось фрагментов без решения, оценённых вопреки истине.</translation>
    </message>
    <message>
        <source>No patch that was judged is left undecided.</source>
        <translation>Не осталось оценённых фрагментов без решения.</translation>
    </message>
</context>
<context>
    <name>ReviewReader</name>
    <message>
        <source>Reading {path} failed unexpectedly; the log says why.</source>
        <translation>Чтение {path} неожиданно прервалось; причина в журнале.</translation>
    </message>
</context>
<context>
    <name>ReviewTaker</name>
    <message>
        <source>&amp;Take reviews from a result file…</source>
        <translation>Вз&amp;ять решения из файла результатов…</translation>
    </message>
    <message>
        <source>Decisions of another person on the same patches, kept beside yours</source>
        <translation>Решения другого человека по тем же фрагментам; хранятся рядом с вашими</translation>
    </message>
    <message>
        <source>Take reviews from a result file</source>
        <translation>Взять решения из файла результатов</translation>
    </message>
    <message>
        <source>Result files ({pattern})</source>
        <translation>Файлы результатов ({pattern})</translation>
    </message>
</context>
<context>
    <name>Reviewing</name>
    <message>
        <source>taken reviews</source>
        <translation>взятые решения</translation>
    </message>
    <message>
        <source>{name} is being opened at another scale; decide once it is there.</source>
        <translation>{name} открывается в другом масштабе; решайте, когда он откроется.</translation>
    </message>
    <message>
        <source>malignant</source>
        <translation>злокачественный</translation>
    </message>
    <message>
        <source>benign</source>
        <translation>доброкачественный</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>не уверен</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>снять</translation>
    </message>
</context>
<context>
    <name>RotationBox</name>
    <message>
        <source>Rotate</source>
        <translation>Поворот</translation>
    </message>
    <message>
        <source>Degrees clockwise</source>
        <translation>Градусы по часовой стрелке</translation>
    </message>
    <message>
        <source>Angle of the slide</source>
        <translation>Угол поворота слайда</translation>
    </message>
    <message>
        <source>&amp;Upright</source>
        <translation>&amp;Без поворота</translation>
    </message>
    <message>
        <source>Turned &amp;clockwise by</source>
        <translation>&amp;Угол по часовой стрелке</translation>
    </message>
</context>
<context>
    <name>RotationMenu</name>
    <message>
        <source>Rot&amp;ate</source>
        <translation>&amp;Поворот</translation>
    </message>
    <message>
        <source>By any &amp;angle…</source>
        <translation>На любой &amp;угол…</translation>
    </message>
    <message>
        <source>Or hold Alt and drag the slide around its middle</source>
        <translation>Или, удерживая Alt, тяните слайд вокруг его середины</translation>
    </message>
    <message>
        <source>90° to the &amp;left</source>
        <translation>На 90° в&amp;лево</translation>
    </message>
    <message>
        <source>90° to the &amp;right</source>
        <translation>На 90° в&amp;право</translation>
    </message>
    <message>
        <source>&amp;Upright</source>
        <translation>&amp;Без поворота</translation>
    </message>
</context>
<context>
    <name>Ruler</name>
    <message>
        <source>Measuring line</source>
        <translation>Линия измерения</translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message>
        <source>Cancel</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Stop classifying; what has been judged stays (Esc)</source>
        <translation>Остановить классификацию; то, что оценено, останется (Esc)</translation>
    </message>
    <message>
        <source>loading the model…</source>
        <translation>загрузка модели…</translation>
    </message>
    <message>
        <source>{rate}/s</source>
        <translation>{rate}/с</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>осталось {time}</translation>
    </message>
    <message>
        <source>{count} unreadable</source>
        <translation>не прочитано: {count}</translation>
    </message>
</context>
<context>
    <name>RunWatch</name>
    <message>
        <source>A training goes on already, or waits to be read of.</source>
        <translation>Обучение уже идёт, или его итог ещё не просмотрен.</translation>
    </message>
    <message>
        <source>The folder {folder} is not empty. Choose another.</source>
        <translation>Папка {folder} не пуста. Выберите другую.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be used: {reason}. Choose another.</source>
        <translation>Папкой {folder} нельзя воспользоваться: {reason}. Выберите другую.</translation>
    </message>
</context>
<context>
    <name>ScaleAnswers</name>
    <message>
        <source>M&amp;easure…</source>
        <translation>Из&amp;мерить…</translation>
    </message>
    <message>
        <source>Draw a line along something on the slide whose length you know</source>
        <translation>Провести линию вдоль того на слайде, длина чего вам известна</translation>
    </message>
    <message>
        <source>&amp;Use</source>
        <translation>Пр&amp;именить</translation>
    </message>
    <message>
        <source>Use this scale (Enter)</source>
        <translation>Применить этот масштаб (Enter)</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Оставить</translation>
    </message>
    <message>
        <source>Leave the scale as it is</source>
        <translation>Оставить масштаб прежним</translation>
    </message>
    <message>
        <source>µm per pixel</source>
        <translation>µm на пиксель</translation>
    </message>
    <message>
        <source>Scanned at {power}×: {mpp:g} µm/px</source>
        <translation>Сканирован при {power}×: {mpp:g} µm/px</translation>
    </message>
</context>
<context>
    <name>ScaleBanner</name>
    <message>
        <source>{name} does not say its scale. Which is it?</source>
        <translation>В {name} масштаб не указан. Каков он?</translation>
    </message>
    <message>
        <source>{name} claims {mpp:g} µm/px, which cannot be. Which is its scale?</source>
        <translation>В {name} указано {mpp:g} µm/px, чего не может быть. Каков масштаб?</translation>
    </message>
</context>
<context>
    <name>ScaleBar</name>
    <message>
        <source>{0} · uncalibrated</source>
        <translation>{0} · без калибровки</translation>
    </message>
    <message>
        <source>Scale bar: {0}</source>
        <translation>Масштабная линейка: {0}</translation>
    </message>
</context>
<context>
    <name>ScaleGhost</name>
    <message>
        <source>Scale unknown: how large the model&apos;s square is here cannot be said</source>
        <translation>Масштаб неизвестен: размер квадрата модели здесь определить нельзя</translation>
    </message>
    <message>
        <source>Too coarse for the model, which judges at {mpp} µm/px</source>
        <translation>Слишком грубо для модели: она оценивает при {mpp} µm/px</translation>
    </message>
    <message>
        <source>{side} × {side} px at {mpp} µm/px = {length} µm</source>
        <translation>{side} × {side} px при {mpp} µm/px = {length} µm</translation>
    </message>
    <message>
        <source>no patch here: not judged</source>
        <translation>фрагмента здесь нет: не оценивается</translation>
    </message>
    <message>
        <source>this patch, filled up with white</source>
        <translation>этот фрагмент, дополненный белым</translation>
    </message>
    <message>
        <source>this patch, as the model gets it</source>
        <translation>этот фрагмент, как его получает модель</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>прочитать нельзя</translation>
    </message>
</context>
<context>
    <name>SettingsMenu</name>
    <message>
        <source>&amp;Settings…</source>
        <translation>Настро&amp;йки…</translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Светлое</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Тёмное</translation>
    </message>
    <message>
        <source>&amp;Classify what is dropped onto the window at once</source>
        <translation>&amp;Оценивать сразу то, что перетащено в окно</translation>
    </message>
    <message>
        <source>Kept with every decision on a patch</source>
        <translation>Сохраняется с каждым решением о фрагменте</translation>
    </message>
    <message>
        <source>&amp;Restore defaults</source>
        <translation>&amp;Сбросить настройки</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>&amp;Закрыть</translation>
    </message>
    <message>
        <source>More of it keeps more of a slide sharp that was looked at before</source>
        <translation>Чем её больше, тем большая часть просмотренного слайда остаётся резкой</translation>
    </message>
    <message>
        <source>&amp;Appearance</source>
        <translation>&amp;Оформление</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>&amp;Язык</translation>
    </message>
    <message>
        <source>&amp;Engine</source>
        <translation>&amp;Движок</translation>
    </message>
    <message>
        <source>&amp;Memory for tiles</source>
        <translation>&amp;Память для плиток</translation>
    </message>
    <message>
        <source>The fastest here</source>
        <translation>Самый быстрый здесь</translation>
    </message>
    <message>
        <source>What runs the model; a graphics card needs Keras</source>
        <translation>Что выполняет модель; для видеокарты нужен Keras</translation>
    </message>
    <message>
        <source>&amp;Judge each patch turned and mirrored, too</source>
        <translation>Оценивать каждый фрагмент и &amp;повёрнутым, и отражённым</translation>
    </message>
    <message>
        <source>The mean of eight views: takes some seven times as long, and is a little more accurate</source>
        <translation>Среднее по восьми видам: примерно в семь раз дольше и немного точнее</translation>
    </message>
    <message>
        <source>Another of these comes with the next start.</source>
        <translation>Изменённое здесь вступит в силу при следующем запуске.</translation>
    </message>
    <message>
        <source>Re&amp;viewer</source>
        <translation>&amp;Эксперт</translation>
    </message>
</context>
<context>
    <name>SimilarPanel</name>
    <message>
        <source>Most alike in training</source>
        <translation>Самые похожие в обучении</translation>
    </message>
    <message>
        <source>Where are the training patches?…</source>
        <translation>Где фрагменты обучения?…</translation>
    </message>
    <message>
        <source>Show pictures: choose the folder that holds the patients&apos; folders</source>
        <translation>Показать картинки: выберите папку с папками пациентов</translation>
    </message>
    <message>
        <source>hidden until decided</source>
        <translation>скрыто до решения</translation>
    </message>
    <message>
        <source>Looking for patches like it…</source>
        <translation>Поиск похожих фрагментов…</translation>
    </message>
    <message>
        <source>They cannot be found: {reason}</source>
        <translation>Их не найти: {reason}</translation>
    </message>
    <message>
        <source>Of {count} patches the model was trained on, none of patient {patient}.</source>
        <translation>Из фрагментов обучения ({count}), без пациента {patient}.</translation>
    </message>
    <message>
        <source>None of them is in {folder}.</source>
        <translation>Ни одного из них нет в {folder}.</translation>
    </message>
    <message>
        <source>The folder the model was trained on</source>
        <translation>Папка, на которой обучена модель</translation>
    </message>
</context>
<context>
    <name>SimilarSwitch</name>
    <message>
        <source>Show most ali&amp;ke</source>
        <translation>Показать самые по&amp;хожие</translation>
    </message>
    <message>
        <source>The patches of the training that the selected one is most like (A)</source>
        <translation>Фрагменты обучения, на которые выбранный похож больше всего (A)</translation>
    </message>
</context>
<context>
    <name>SlideView</name>
    <message>
        <source>Slide</source>
        <translation>Слайд</translation>
    </message>
</context>
<context>
    <name>SourceActions</name>
    <message>
        <source>Reo&amp;pen closed</source>
        <translation>Ве&amp;рнуть закрытое</translation>
    </message>
    <message>
        <source>Close &amp;all</source>
        <translation>Закрыть &amp;все</translation>
    </message>
    <message>
        <source>Classify &amp;all</source>
        <translation>Оценить &amp;все</translation>
    </message>
</context>
<context>
    <name>SourcesPanel</name>
    <message>
        <source>Sources</source>
        <translation>Источники</translation>
    </message>
    <message>
        <source>Open sources</source>
        <translation>Открытые источники</translation>
    </message>
    <message>
        <source>Change &amp;scale…</source>
        <translation>Изменить &amp;масштаб…</translation>
    </message>
    <message>
        <source>&amp;Close source</source>
        <translation>&amp;Закрыть источник</translation>
    </message>
</context>
<context>
    <name>Surroundings</name>
    <message>
        <source>On&amp;ly the slide</source>
        <translation>Т&amp;олько слайд</translation>
    </message>
</context>
<context>
    <name>TopRow</name>
    <message>
        <source>Slide</source>
        <translation>Слайд</translation>
    </message>
    <message>
        <source>Patches</source>
        <translation>Фрагменты</translation>
    </message>
    <message>
        <source>The slide (Ctrl+1)</source>
        <translation>Слайд (Ctrl+1)</translation>
    </message>
    <message>
        <source>All patches (Ctrl+2)</source>
        <translation>Все фрагменты (Ctrl+2)</translation>
    </message>
    <message>
        <source>C&amp;lassify</source>
        <translation>О&amp;ценить</translation>
    </message>
    <message>
        <source>Judge every patch that has not been judged (F5)</source>
        <translation>Оценить все фрагменты, которые ещё не оценены (F5)</translation>
    </message>
</context>
<context>
    <name>TrainMenu</name>
    <message>
        <source>Trai&amp;n</source>
        <translation>Обу&amp;чение</translation>
    </message>
    <message>
        <source>&amp;Retrain…</source>
        <translation>&amp;Обучить заново…</translation>
    </message>
    <message>
        <source>A training goes on: Train &gt; Retrain…</source>
        <translation>Идёт обучение: Обучение &gt; Обучить заново…</translation>
    </message>
    <message>
        <source>A training has ended, a new model is ready: Train &gt; Retrain…</source>
        <translation>Обучение закончено, новая модель готова: Обучение &gt; Обучить заново…</translation>
    </message>
    <message>
        <source>A training has ended with an error: Train &gt; Retrain…</source>
        <translation>Обучение закончилось ошибкой: Обучение &gt; Обучить заново…</translation>
    </message>
</context>
<context>
    <name>TrainingWindow</name>
    <message>
        <source>Retrain</source>
        <translation>Обучение заново</translation>
    </message>
    <message>
        <source>{model} is installed, and used from the next start on. The old model stays: Train &gt; Model.</source>
        <translation>{model} установлена и будет использоваться со следующего запуска. Старая модель остаётся: Обучение &gt; Модель.</translation>
    </message>
</context>
<context>
    <name>TruthKey</name>
    <message>
        <source>Legend of the truth</source>
        <translation>Легенда разметки</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>Разметка</translation>
    </message>
    <message>
        <source>malignant</source>
        <translation>злокачественный</translation>
    </message>
    <message>
        <source>benign</source>
        <translation>доброкачественный</translation>
    </message>
</context>
<context>
    <name>TruthSwitch</name>
    <message>
        <source>&amp;Truth</source>
        <translation>Р&amp;азметка</translation>
    </message>
    <message>
        <source>What the data set says of the patches (T)</source>
        <translation>Что говорит о фрагментах набор данных (T)</translation>
    </message>
</context>
<context>
    <name>TruthTable</name>
    <message>
        <source>Sensitivity here</source>
        <translation>Чувствительность</translation>
    </message>
    <message>
        <source>Of what is malignant in truth, judged so</source>
        <translation>Из злокачественных по разметке оценены так</translation>
    </message>
    <message>
        <source>Specificity here</source>
        <translation>Специфичность</translation>
    </message>
    <message>
        <source>Of what is benign in truth, judged so</source>
        <translation>Из доброкачественных по разметке оценены так</translation>
    </message>
    <message>
        <source>Too good: the model was made with {seen} of these {patients} patients.</source>
        <translation>Завышено: модель создана с участием {seen} из этих пациентов (всего {patients}).</translation>
    </message>
    <message>
        <source>Too good: the model was made with this patient, too.</source>
        <translation>Завышено: модель создана с участием и этого пациента.</translation>
    </message>
    <message>
        <source>{right} of {all}: {share}</source>
        <translation>{right} из {all}: {share}</translation>
    </message>
</context>
<context>
    <name>TwoViews</name>
    <message>
        <source>First view</source>
        <translation>Первый вид</translation>
    </message>
    <message>
        <source>Second view</source>
        <translation>Второй вид</translation>
    </message>
    <message>
        <source>Slide in the second view</source>
        <translation>Слайд во втором виде</translation>
    </message>
</context>
<context>
    <name>TwoViewsMenu</name>
    <message>
        <source>T&amp;wo views</source>
        <translation>&amp;Два вида</translation>
    </message>
    <message>
        <source>Views mo&amp;ve together</source>
        <translation>Двигать виды вм&amp;есте</translation>
    </message>
    <message>
        <source>&amp;Next view</source>
        <translation>С&amp;ледующий вид</translation>
    </message>
</context>
<context>
    <name>ViewBar</name>
    <message>
        <source>{view}: slide</source>
        <translation>{view}: слайд</translation>
    </message>
    <message>
        <source>Which of the open slides this view shows</source>
        <translation>Какой из открытых слайдов показан в этом виде</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Карта</translation>
    </message>
    <message>
        <source>{view}: heat map</source>
        <translation>{view}: тепловая карта</translation>
    </message>
    <message>
        <source>Lay the heat map over this view (C: over both, or none)</source>
        <translation>Наложить тепловую карту на этот вид (C: на оба или ни на один)</translation>
    </message>
    <message>
        <source>The same slide</source>
        <translation>Тот же слайд</translation>
    </message>
</context>
<context>
    <name>ViewPictures</name>
    <message>
        <source>Cop&amp;y view</source>
        <translation>&amp;Копировать вид</translation>
    </message>
    <message>
        <source>Sa&amp;ve view…</source>
        <translation>Со&amp;хранить вид…</translation>
    </message>
</context>
<context>
    <name>WhySwitch</name>
    <message>
        <source>Show wh&amp;y</source>
        <translation>Почему тако&amp;й ответ</translation>
    </message>
    <message>
        <source>What the answer for the selected patch rests on (Y)</source>
        <translation>На чём основан ответ для выбранного фрагмента (Y)</translation>
    </message>
    <message>
        <source>&amp;Covering</source>
        <translation>&amp;Закрывание</translation>
    </message>
    <message>
        <source>Cover place after place and see how the probability changes</source>
        <translation>Закрывать место за местом и смотреть, как меняется вероятность</translation>
    </message>
    <message>
        <source>&amp;Gradients (Grad-CAM)</source>
        <translation>&amp;Градиенты</translation>
    </message>
    <message>
        <source>What the network&apos;s own gradients point at; the first time takes seconds</source>
        <translation>На что указывают градиенты сети; в первый раз это секунды</translation>
    </message>
    <message>
        <source>Show why &amp;by</source>
        <translation>Показать почему чере&amp;з</translation>
    </message>
</context>
<context>
    <name>ZoomBar</name>
    <message>
        <source>Magnification</source>
        <translation>Увеличение</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Вписать</translation>
    </message>
    <message>
        <source>Show the whole slide (0)</source>
        <translation>Показать слайд целиком (0)</translation>
    </message>
    <message>
        <source>As through a {power}× objective</source>
        <translation>Как через объектив {power}×</translation>
    </message>
    <message>
        <source>More magnifications</source>
        <translation>Другие увеличения</translation>
    </message>
</context>
<context>
    <name>source_chooser</name>
    <message>
        <source>Open slides and pictures</source>
        <translation>Открыть слайды и изображения</translation>
    </message>
    <message>
        <source>Slides and pictures ({patterns})</source>
        <translation>Слайды и изображения ({patterns})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Все файлы (*)</translation>
    </message>
    <message>
        <source>Open a folder of patches or slides</source>
        <translation>Открыть папку с фрагментами или слайдами</translation>
    </message>
</context>
</TS>
